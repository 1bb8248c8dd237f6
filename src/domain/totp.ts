/** Time-based one-time codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, thirty seconds. */
export const STEP_MS = 30_000;
const DIGITS = 6;
/** Clocks may differ by so many steps. */
const DRIFT = 1;

/** HMAC-SHA-1 under the shared secret. */
export type Hmac = (message: Uint8Array) => Uint8Array;

export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS);
}

/** RFC 4226, 5.3. */
export function codeOfStep(hmac: Hmac, step: number, digits = DIGITS): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = hmac(new Uint8Array(counter.buffer));
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const truncated = new DataView(mac.buffer, mac.byteOffset + offset, 4).getUint32(0) & 0x7fff_ffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is; null: it is of none that counts. What is not later than `lastStep` was used already. */
export function stepOfCode(hmac: Hmac, code: string, { nowMs, lastStep }: { nowMs: number; lastStep: number }): number | null {
  const now = stepAt(nowMs);
  for (let step = now - DRIFT; step <= now + DRIFT; step += 1) {
    if (step > lastStep && codeOfStep(hmac, step) === code) return step;
  }
  return null;
}

export function isTotpCode(text: string): boolean {
  return /^\d{6}$/.test(text);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, without padding: how people and apps write a secret. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31];
}

/** What the QR code says. */
export function totpUri(secret: string, account: string, issuer = 'Wattbook'): string {
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
