import { stretches, type Stretch } from './time-bucket.ts';

/** What a text says: the clock on the wall as if it were in UTC, and how far it is from UTC where that is said. */
export interface WallTime {
  localMs: number;
  offsetMs: number | null;
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(?:(Z|UTC)|([+-])(\d{2})(?::?(\d{2}))?)?$/i;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** ISO 8601, with a blank in place of the T if so wished; null for anything else, and for a day or an hour that no calendar has. */
export function parseWallTime(text: string): WallTime | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const part = (place: number) => Number(match[place] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const midnightMs = Date.UTC(year, month - 1, day);
  const isDay = new Date(midnightMs).getUTCMonth() === month - 1 && day > 0;
  if (!isDay || year < 1970 || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const localMs = midnightMs + hour * HOUR_MS + minute * MINUTE_MS + second * 1_000 + ms;
  if (match[8] !== undefined) return { localMs, offsetMs: 0 };
  if (match[9] === undefined) return { localMs, offsetMs: null };
  const offsetMs = part(10) * HOUR_MS + part(11) * MINUTE_MS;
  return offsetMs > DAY_MS ? null : { localMs, offsetMs: match[9] === '-' ? -offsetMs : offsetMs };
}

interface Fold {
  untilMs: number;
  lastMs: number;
  steppedBack: boolean;
  seen: Set<number>;
}

export type Instant = { ok: true; ms: number } | { ok: false; problem: string };

/**
 * Times of a clock on the wall that nobody wrote an offset to, in the order in which each meter has them.
 * In the hour that is twice in autumn a time is the first one until the clock of its meter steps back: from there on it is
 * the second. A time that comes again without a step back (a file sorted by the clock) is the second, too.
 * A time in the hour that is not in spring is refused.
 */
export function makeWallClock(zone: string): (meter: string | number, localMs: number) => Instant {
  const known = new Map<number, Stretch[]>();
  const folds = new Map<string | number, Fold>();

  function around(localMs: number): Stretch[] {
    const date = new Date(localMs);
    const fromMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    let found = known.get(fromMs);
    if (found === undefined) {
      found = stretches({ fromMs: fromMs - 2 * DAY_MS, toMs: fromMs + 34 * DAY_MS }, zone);
      known.set(fromMs, found);
    }
    return found;
  }

  function isSecond(meter: string | number, localMs: number, untilMs: number): boolean {
    const fold = folds.get(meter);
    if (fold?.untilMs !== untilMs) {
      folds.set(meter, { untilMs, lastMs: localMs, steppedBack: false, seen: new Set([localMs]) });
      return false;
    }
    if (localMs < fold.lastMs) fold.steppedBack = true;
    fold.lastMs = localMs;
    const again = fold.seen.has(localMs);
    fold.seen.add(localMs);
    return fold.steppedBack || again;
  }

  return (meter, localMs) => {
    const places = around(localMs).filter(({ fromMs, toMs, offsetMs }) => fromMs <= localMs - offsetMs && localMs - offsetMs < toMs);
    const [first, second] = places;
    if (first === undefined) return { ok: false, problem: noSuchTime(localMs, zone) };
    const place = second !== undefined && isSecond(meter, localMs, first.toMs) ? second : first;
    return { ok: true, ms: localMs - place.offsetMs };
  };
}

function noSuchTime(localMs: number, zone: string): string {
  const time = new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
  return `${time} is not a time in ${zone}: the clocks were put forward over it. If the old clock knew no summer time, its zone is one such as Etc/GMT-1`;
}
