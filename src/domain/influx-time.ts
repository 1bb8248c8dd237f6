import { parseWallTime } from './wall-clock.ts';

const DIGITS_OF: Record<number, number> = { 10: 1_000, 13: 1, 16: 1 / 1_000, 19: 1 / 1_000_000 };

/** A time as Influx exports it: a count of seconds, milli-, micro- or nanoseconds since 1970, or RFC 3339. Null for anything else. */
export function parseInfluxTime(text: string): number | null {
  const factor = /^\d+$/.test(text) ? DIGITS_OF[text.length] : undefined;
  if (factor !== undefined) return Math.floor(Number(text) * factor);
  const time = parseWallTime(text);
  return time === null ? null : time.localMs - (time.offsetMs ?? 0);
}
