/** Millionths of a currency unit, or of a currency unit per kWh: whole, so that sums are exact. */
export type Micro = bigint;

const DECIMALS = 6;
const MICRO_PER_CENT = 10_000n;
const DECIMAL = /^(-?)(\d{1,9})(?:[.,](\d{1,6}))?$/;

/** `0.3512` or `0,3512`; null when it is no decimal number of at most six places. */
export function parseMicro(text: string): Micro | null {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const micro = BigInt(`${whole}${fraction.padEnd(DECIMALS, '0')}`);
  return sign === '-' ? -micro : micro;
}

/** With at least `places` places after the point, and more where there are any. */
export function formatMicro(micro: Micro, places = 2): string {
  const digits = (micro < 0n ? -micro : micro).toString().padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '').padEnd(places, '0');
  return `${micro < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The one rule of rounding: to whole cents, half a cent away from zero. `numerator / denominator` is in micro-units. */
export function roundToCents(numerator: bigint, denominator = 1n): Micro {
  const negative = numerator < 0n !== denominator < 0n;
  const [top, bottom] = [absolute(numerator), absolute(denominator) * MICRO_PER_CENT];
  const cents = (2n * top + bottom) / (2n * bottom);
  return (negative ? -cents : cents) * MICRO_PER_CENT;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

export function sumMicro(amounts: Iterable<Micro>): Micro {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}
