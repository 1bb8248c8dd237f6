import { CronExpressionParser } from 'cron-parser';

/** When meters are read: the instants are the slots. Cron expressions are in UTC, periods count from 1970. */
export interface Cadence {
  pattern: string;
  /** The slot at or before this instant. */
  atOrBefore(ms: number): number;
  /** The first slot after this instant. */
  after(ms: number): number;
}

const PERIOD = /^(\d{1,4})(s|m|h)$/;
const CRON_FIELDS = /^\S+( \S+){4,5}$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const LONGEST_DEADLINE_MS = 5 * 60_000;

function periodCadence(pattern: string, periodMs: number): Cadence {
  const atOrBefore = (ms: number) => Math.floor(ms / periodMs) * periodMs;
  return { pattern, atOrBefore, after: (ms) => atOrBefore(ms) + periodMs };
}

function cronCadence(pattern: string): Cadence {
  const from = (ms: number) => CronExpressionParser.parse(pattern, { currentDate: new Date(ms), tz: 'UTC' });
  // cron-parser looks strictly before and drops milliseconds: ask from the next whole second.
  const atOrBefore = (ms: number) =>
    from(Math.floor(ms / 1_000) * 1_000 + 1_000)
      .prev()
      .getTime();
  return { pattern, atOrBefore, after: (ms) => from(ms).next().getTime() };
}

export function parseCadence(pattern: string): { ok: true; cadence: Cadence } | { ok: false; problem: string } {
  const period = PERIOD.exec(pattern);
  if (period) {
    const periodMs = Number(period[1]) * UNIT_MS[period[2] as keyof typeof UNIT_MS];
    if (periodMs === 0) return { ok: false, problem: 'a period must be longer than nothing, such as 30s or 15m' };
    return { ok: true, cadence: periodCadence(pattern, periodMs) };
  }
  try {
    if (!CRON_FIELDS.test(pattern)) throw new Error('a cron expression has five or six fields');
    const cadence = cronCadence(pattern);
    cadence.after(0);
    return { ok: true, cadence };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, problem: `takes a cron expression such as */15 * * * *, or a period such as 30s or 15m (${why})` };
  }
}

/** A slot not read by then is given up: half the cadence, at most five minutes. */
export function deadlineOf(slotMs: number, nextSlotMs: number): number {
  return slotMs + Math.min((nextSlotMs - slotMs) / 2, LONGEST_DEADLINE_MS);
}

/** Until when a reading counts as new: so many later ones are still to come. */
export function freshUntil(cadence: Cadence, atMs: number, slots: number): number {
  let slotMs = atMs;
  for (let left = slots; left > 0; left -= 1) slotMs = cadence.after(slotMs);
  return deadlineOf(slotMs, cadence.after(slotMs));
}

/** Whether a meter is to be read for this slot; a start that is still empty is filled by the first value. */
export function isDue(installation: { fromMs: number | null; toMs: number | null }, slotMs: number): boolean {
  return (installation.fromMs === null || installation.fromMs <= slotMs) && (installation.toMs === null || slotMs < installation.toMs);
}
