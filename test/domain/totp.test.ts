import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { deviceOf } from '../../src/domain/device-words.ts';
import { codeOfStep, isTotpCode, stepAt, stepOfCode, STEP_MS, toBase32, totpUri, type Hmac } from '../../src/domain/totp.ts';

const SECRET = Buffer.from('12345678901234567890');
const hmac: Hmac = (message) => new Uint8Array(createHmac('sha1', SECRET).update(message).digest());

// RFC 6238, appendix B: SHA-1, eight digits.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at second %d the code is %s', (second, code) => {
  expect(codeOfStep(hmac, stepAt(second * 1_000), 8)).toBe(code);
  expect(codeOfStep(hmac, stepAt(second * 1_000))).toBe(code.slice(2));
});

test('a code of the step before and after counts, of two steps away it does not', () => {
  const nowMs = 1_234_567_890_000;
  const now = stepAt(nowMs);
  const found = [-2, -1, 0, 1, 2].map((steps) => stepOfCode(hmac, codeOfStep(hmac, now + steps), { nowMs, lastStep: 0 }));
  expect(found).toEqual([null, now - 1, now, now + 1, null]);
});

test('a code counts once, and so does none of an earlier step after it', () => {
  const nowMs = 1_234_567_890_000;
  const now = stepAt(nowMs);
  const code = codeOfStep(hmac, now);
  expect(stepOfCode(hmac, code, { nowMs, lastStep: now })).toBeNull();
  expect(stepOfCode(hmac, codeOfStep(hmac, now - 1), { nowMs, lastStep: now })).toBeNull();
  expect(stepOfCode(hmac, codeOfStep(hmac, now + 1), { nowMs: nowMs + STEP_MS, lastStep: now })).toBe(now + 1);
});

// RFC 4648, section 10, without padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%j is %j in base 32', (text, written) => {
  expect(toBase32(Buffer.from(text))).toBe(written);
});

test('the address for the app names the account, whatever stands in it', () => {
  expect(totpUri('MZXW6', 'a+b@example.org')).toBe('otpauth://totp/Wattbook:a%2Bb%40example.org?secret=MZXW6&issuer=Wattbook');
  expect([isTotpCode('012345'), isTotpCode('12345'), isTotpCode('12345a')]).toEqual([true, false, false]);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 'Chrome', 'Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  ['Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0', 'Firefox', 'Android'],
  ['', null, null],
])('%j is %s on %s', (userAgent, browser, system) => {
  expect(deviceOf(userAgent)).toEqual({ browser, system });
});
