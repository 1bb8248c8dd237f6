import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps secrets that must be read again unreadable for whoever has the database alone. */
export interface SecretBox {
  seal(ownerId: number, secret: Uint8Array): string;
  /** Null: it was sealed under another SESSION_SECRET, or for somebody else. */
  open(ownerId: number, sealed: string): Buffer | null;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What is sealed for one purpose is opened for no other. */
const PURPOSES = {
  'second factor': { owner: 'user' },
  webhook: { owner: 'webhook' },
} as const;

export function makeSecretBox(sessionSecret: string, purpose: keyof typeof PURPOSES): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', `wattbook ${purpose}`, 32));
  // Bound to its owner: a row that is copied to another one opens nothing.
  const owner = (id: number) => Buffer.from(`${PURPOSES[purpose].owner}-${id}`);
  return {
    seal(ownerId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(owner(ownerId));
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(ownerId, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(owner(ownerId)).setAuthTag(tag);
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
