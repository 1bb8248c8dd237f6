const TENFOLDS = [1, 10, 100, 1_000, 10_000];

/** The shortest decimal that stands for this FLOAT: 230.1, where a double would say 230.10000610351562. */
export function shortestFloat32(value: number): number {
  // What meters show has few places; six digits of a FLOAT are always its own.
  for (const tenfold of TENFOLDS) {
    const scaled = Math.round(value * tenfold);
    if (Math.abs(scaled) > 999_999) break;
    const shorter = scaled / tenfold;
    if (Math.fround(shorter) === value) return shorter;
  }
  for (const digits of [6, 7, 8]) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
