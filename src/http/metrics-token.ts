import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether an Authorization header has the token; without a token nobody's has. */
export function metricsToken(token: string | undefined): (authorization: string | undefined) => boolean {
  const expected = token === undefined ? null : digest(`Bearer ${token}`);
  return (authorization) => expected !== null && timingSafeEqual(digest(authorization ?? ''), expected);
}
