import { InvalidInput } from '../errors.ts';

/** A whole number of the command line. */
export function wholeFlag(flag: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) throw new InvalidInput({ [flag]: `must be a whole number from ${least} to ${most}` });
  return number;
}

/** A number above 0. */
export function positiveFlag(flag: string, text: string, most: number): number {
  const number = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (number <= 0 || number > most) throw new InvalidInput({ [flag]: `must be a number above 0, up to ${most}` });
  return number;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10s`, `15m`, `1h`. */
export function durationFlag(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? 0);
  if (ms === 0) throw new InvalidInput({ [flag]: 'must be a time such as 10s, 15m or 1h' });
  return ms;
}

/** A moment as ISO 8601 with an offset; a bare day begins in UTC. */
export function momentFlag(flag: string, text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new InvalidInput({ [flag]: 'must be a day such as 2026-11-01 (in UTC) or a moment such as 2026-11-01T06:00:00+01:00' });
  return ms;
}

/** An address whose protocol is one of these. */
export function urlFlag(flag: string, text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol.slice(0, -1)) || (url.hostname === '' && url.protocol !== 'unix:')) {
    throw new InvalidInput({ [flag]: `must be an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}` });
  }
  return url;
}
