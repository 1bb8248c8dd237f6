/** Why there is no reading. */
export type GapReason =
  /** The scheduler was not there: nobody asked. */
  | 'no-tick'
  /** The job came up after the slot's deadline. */
  | 'late'
  | 'no-answer'
  /** The device of the line refused the connection or was not there. */
  | 'line-down'
  | 'bad-reply'
  /** The meter answered with an exception. */
  | 'refused'
  /** It was asked for, but no poller did it. */
  | 'not-read'
  /** It was read, but could not be stored. */
  | 'not-stored';

/** The meter was asked and did not answer well: it counts as silent. */
export function meansSilence(reason: GapReason): boolean {
  return reason === 'no-answer' || reason === 'line-down' || reason === 'bad-reply' || reason === 'refused';
}

/** No reading of the meter in the half-open time [fromMs, toMs). */
export interface Gap {
  meterId: number;
  fromMs: number;
  toMs: number;
  reason: GapReason;
  detail: string;
}

/** A gap about to be recorded, over these slots; the last one ends at `toMs`. A slot that was read after all drops out. */
export interface MissedSlots extends Gap {
  slots: readonly number[];
}

/** The parts of the missed slots that neither a reading nor an earlier gap explains. */
export function unexplained(missed: MissedSlots, readAt: ReadonlySet<number>, earlier: readonly Span[]): Span[] {
  const read = missed.slots.flatMap((slot, i) => (readAt.has(slot) ? [{ fromMs: slot, toMs: missed.slots[i + 1] ?? missed.toMs }] : []));
  return uncovered(missed, [...earlier, ...read]);
}

export interface Span {
  fromMs: number;
  toMs: number;
}

/** The parts of a span that none of the others covers, in order. */
export function uncovered(span: Span, covers: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let fromMs = span.fromMs;
  for (const cover of covers.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (cover.toMs <= fromMs) continue;
    if (cover.fromMs >= span.toMs) break;
    if (cover.fromMs > fromMs) rest.push({ fromMs, toMs: cover.fromMs });
    fromMs = Math.max(fromMs, cover.toMs);
  }
  if (fromMs < span.toMs) rest.push({ fromMs, toMs: span.toMs });
  return rest;
}
