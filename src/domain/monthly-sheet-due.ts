import { addToDay, localDay, momentOn } from './time-bucket.ts';

/** At this hour of the first of a month the readings of midnight are there and settled. */
const HOUR = 1;
const DAY_MS = 24 * 3_600_000;
/** So long it waits for what is not settled: a meter that is dead for longer is named, and the sheet goes out. */
const LONGEST_WAIT_MS = 2 * DAY_MS;
/** A house that was off for longer has missed it: nobody wants the sheet of March in the middle of May. */
const LATEST_MS = 7 * DAY_MS;

export interface SheetDue {
  month: string;
  dueMs: number;
  /** From then on it goes out with what is missing named. */
  waitUntilMs: number;
}

/** The sheet of last month, once the first of this one is an hour old on the clocks of a zone. */
export function sheetDue(nowMs: number, zone: string): SheetDue | null {
  const first = `${localDay(nowMs, zone).slice(0, 7)}-01`;
  const dueMs = momentOn(first, HOUR, zone);
  if (nowMs < dueMs || nowMs >= dueMs + LATEST_MS) return null;
  return { month: addToDay(first, { months: -1 }).slice(0, 7), dueMs, waitUntilMs: dueMs + LONGEST_WAIT_MS };
}
