export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const QUARTER_MS = 900_000;
export const NODE_MS = 300_000;
export const NODES_A_DAY = DAY_MS / NODE_MS;

/** Local wall-clock time of one zone, for the profiles that follow people and not the sun. */
export interface Clockface {
  /** Local time minus UTC. */
  offsetMs(ms: number): number;
}

const clockfaces = new Map<string, Clockface>();

export function clockfaceOf(zone: string): Clockface {
  let clockface = clockfaces.get(zone);
  if (!clockface) clockfaces.set(zone, (clockface = makeClockface(zone)));
  return clockface;
}

function makeClockface(zone: string): Clockface {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const ask = (ms: number) => parseOffset(format.formatToParts(ms));
  // Null for a day on which the clocks change: then each quarter of an hour is asked for.
  const days = remember((day) => (ask(day * DAY_MS) === ask((day + 1) * DAY_MS) ? ask(day * DAY_MS) : null));
  const quarters = remember((quarter) => ask(quarter * QUARTER_MS));
  return { offsetMs: (ms) => days(Math.floor(ms / DAY_MS)) ?? quarters(Math.floor(ms / QUARTER_MS)) };
}

function remember<T>(work: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= 2_000) known.clear();
      known.set(key, (value = work(key)));
    }
    return value;
  };
}

function parseOffset(parts: Intl.DateTimeFormatPart[]): number {
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
  const offset = Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * 60_000;
  return sign === '-' ? -offset : offset;
}

/** 1 in the middle of January, -1 in the middle of July. */
export function winterliness(ms: number): number {
  const year = 365.25 * DAY_MS;
  // 1970-01-15
  return Math.cos((2 * Math.PI * (ms - 14 * DAY_MS)) / year);
}

/** 0 is Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
