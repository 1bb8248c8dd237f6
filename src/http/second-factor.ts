import { createHmac, randomBytes } from 'node:crypto';
import type { Hmac } from '../domain/totp.ts';

/** 160 bits, as RFC 4226 asks for. */
const SECRET_BYTES = 20;

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

export function hmacOf(secret: Uint8Array): Hmac {
  return (message) => new Uint8Array(createHmac('sha1', secret).update(message).digest());
}
