import { createHmac, randomBytes } from 'node:crypto';
import { signedText } from '../domain/webhook.ts';

const SECRET_BYTES = 32;

export function newWebhookSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** As the receiver is given it, once. */
export function shownSecret(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}

/** The headers of Standard Webhooks 1.0.0, symmetric. */
export function signedHeaders(secret: Uint8Array, { uid, body, nowMs }: { uid: string; body: string; nowMs: number }) {
  const timestampS = Math.floor(nowMs / 1_000);
  const signature = createHmac('sha256', secret).update(signedText({ uid, timestampS, body })).digest('base64');
  return { 'webhook-id': uid, 'webhook-timestamp': String(timestampS), 'webhook-signature': `v1,${signature}` };
}
