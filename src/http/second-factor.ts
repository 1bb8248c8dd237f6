import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Hmac } from '../domain/totp.ts';

/** Keeps the secrets of second factors unreadable for whoever has the database alone. */
export interface SecretBox {
  seal(userId: number, secret: Uint8Array): string;
  /** Null: it was sealed under another SESSION_SECRET, or for somebody else. */
  open(userId: number, sealed: string): Buffer | null;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 160 bits, as RFC 4226 asks for. */
const SECRET_BYTES = 20;

export function makeSecretBox(sessionSecret: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'wattbook second factor', 32));
  // Bound to its person: a row that is copied to another one opens nothing.
  const owner = (userId: number) => Buffer.from(`user-${userId}`);
  return {
    seal(userId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(owner(userId));
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(userId, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(owner(userId)).setAuthTag(tag);
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

export function hmacOf(secret: Uint8Array): Hmac {
  return (message) => new Uint8Array(createHmac('sha1', secret).update(message).digest());
}
