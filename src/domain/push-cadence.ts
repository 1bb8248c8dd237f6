import { parseCadence, type Cadence } from './slot.ts';

const USUAL = '15m';
/** A message of a slot may come so long after its end. */
const GRACE_MS = 5 * 60_000;
/** Long silences are explained in pieces. */
const SLOTS_AT_ONCE = 500;

/** How often something is expected of a meter that pushes: its own cadence, or each quarter of an hour. */
export function pushCadence(pattern: string): Cadence {
  const parsed = parseCadence(pattern || USUAL);
  if (!parsed.ok) throw new TypeError(`${pattern}: ${parsed.problem}`);
  return parsed.cadence;
}

/** The slots since `fromMs` that are over without a message, oldest first; none before its first message is due. */
export function missedWindows(cadence: Cadence, fromMs: number, nowMs: number): { slots: number[]; toMs: number } {
  const untilMs = cadence.atOrBefore(nowMs - GRACE_MS);
  const slots: number[] = [];
  let slotMs = cadence.atOrBefore(fromMs);
  if (slotMs < fromMs) slotMs = cadence.after(slotMs);
  for (; slotMs < untilMs && slots.length < SLOTS_AT_ONCE; slotMs = cadence.after(slotMs)) slots.push(slotMs);
  return { slots, toMs: slotMs };
}
