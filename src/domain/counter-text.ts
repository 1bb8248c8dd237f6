const DECIMAL = /^([+-]?)(\d{1,20})(?:([.,])(\d{0,30}))?(?:[eE]([+-]?\d{1,3}))?$/;

export type CounterWh = { ok: true; wh: number } | { ok: false; problem: string };

/** A counter as somebody wrote it, in whole Wh: digit by digit, half a Wh upwards. `places` is 3 for kWh, 0 for Wh. */
export function parseCounter(text: string, places: number, { decimalComma = false } = {}): CounterWh {
  const match = DECIMAL.exec(text);
  if (match === null || (match[3] === ',' && !decimalComma)) return { ok: false, problem: `"${shortened(text)}" is not a number` };
  const [, sign, whole = '', , fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + places + Number(exponent);
  const kept = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const wh = Number(kept) + (point >= 0 && (digits[point] ?? '0') >= '5' ? 1 : 0);
  if (!Number.isSafeInteger(wh)) return { ok: false, problem: `${shortened(text)} is more than a counter can show` };
  if (sign === '-' && wh !== 0) return { ok: false, problem: `${shortened(text)} is below 0, which no counter shows` };
  return { ok: true, wh };
}

export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

export function parseKwh(text: string, options: { decimalComma?: boolean } = {}): CounterWh {
  return parseCounter(text, 3, options);
}
