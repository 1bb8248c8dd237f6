import { fits, limitWh, LOOK_AHEAD, type CounterNature, type CounterSample, type CounterTrack } from './counter-track.ts';
import { dayBounds, localDay } from './time-bucket.ts';

export type StepKind =
  /** The first sample: nothing comes before it. */
  | 'first'
  | 'sound'
  | 'rollover'
  /** Began again near 0: what was counted since is taken, what was lost is unknown. */
  | 'reset'
  /** A daily counter began its day. */
  | 'midnight'
  /** It went to where no counting leads: its energy is unknown. */
  | 'jump';

/** An accepted sample, and what lies between it and the accepted one before. */
export interface Step {
  sample: CounterSample;
  kind: StepKind;
  /** Null: unknown. */
  wh: number | null;
}

export interface CounterSteps {
  steps: Step[];
  refused: CounterSample[];
  /** What follows up to here is known: later samples change no step before it. Null: nothing is certain yet. */
  certainMs: number | null;
}

type Verdict = { skip: number } | { drop: true } | { kind: 'rollover' | 'reset' | 'midnight' | 'jump'; wh: number | null } | 'unknown';

function sound(nature: CounterNature, a: CounterSample, b: CounterSample): Step {
  return { sample: b, kind: 'sound', wh: nature.kind === 'delta' ? b.wh : b.wh - a.wh };
}

/** Energy over a wrap, when the connection can have drawn it. */
function overWrap(nature: CounterNature, a: CounterSample, b: CounterSample): number | null {
  if (nature.kind !== 'lifetime' || b.wh >= a.wh) return null;
  const most = limitWh(nature, b.takenMs - a.takenMs, a.wh);
  for (const wrapWh of nature.wrapsWh) {
    const wh = wrapWh - a.wh + b.wh;
    if (a.wh < wrapWh && b.wh < wrapWh && wh <= most) return wh;
  }
  return null;
}

function midnightBetween(zone: string, a: CounterSample, b: CounterSample): number | null {
  const midnightMs = dayBounds(localDay(b.takenMs, zone), zone).fromMs;
  return midnightMs > a.takenMs ? midnightMs : null;
}

/** Since midnight it is counted; the rest of the day before goes on as the day went. */
function acrossMidnight(nature: CounterNature, before: Step | undefined, a: CounterSample, b: CounterSample): number | null {
  if (nature.kind !== 'daily' || b.wh < 0) return null;
  const midnightMs = midnightBetween(nature.zone, a, b);
  if (midnightMs === null || b.wh > limitWh(nature, b.takenMs - midnightMs, b.wh)) return null;
  const spanMs = before === undefined ? 0 : a.takenMs - before.sample.takenMs;
  const rest = before === undefined || spanMs <= 0 ? 0 : Math.floor(((a.wh - before.sample.wh) * (midnightMs - a.takenMs)) / spanMs);
  return b.wh + Math.max(0, Math.min(rest, Math.floor(limitWh(nature, midnightMs - a.takenMs))));
}

/** The first of the following samples to which the last accepted one leads; those before it are out of line. */
function bridgedBy(nature: CounterNature, a: CounterSample, doubtful: readonly CounterSample[]): number | null {
  for (const [index, sample] of doubtful.entries()) {
    if (index > 0 && fits(nature, a, sample)) return index;
    if (sample.exact) return null;
  }
  return null;
}

/**
 * What a sample is that does not follow from the last accepted one: told by the samples after it and by what the
 * connection can draw. `doubtful` begins with it.
 */
function judge(
  nature: CounterNature,
  before: Step | undefined,
  a: CounterSample,
  doubtful: readonly CounterSample[],
  ended: boolean,
): Verdict {
  const [b, next] = doubtful;
  if (b === undefined) return 'unknown';
  const known = ended || doubtful.length > LOOK_AHEAD;
  const goesOn = b.exact === true || (next === undefined ? ended : fits(nature, b, next));
  const newDay = acrossMidnight(nature, before, a, b);
  if (newDay !== null && goesOn) return { kind: 'midnight', wh: newDay };
  const bridge = bridgedBy(nature, a, doubtful);
  if (bridge !== null) return { skip: bridge };
  if (!known) return 'unknown';
  if (before !== undefined && !a.exact && goesOn && fits(nature, before.sample, b)) return { drop: true };
  if (!goesOn) return { skip: 1 };
  const wrapped = overWrap(nature, a, b);
  if (wrapped !== null) return { kind: 'rollover', wh: wrapped };
  const durationMs = b.takenMs - a.takenMs;
  if (nature.kind !== 'delta' && b.wh >= 0 && b.wh < a.wh && b.wh <= limitWh(nature, durationMs, b.wh)) return { kind: 'reset', wh: b.wh };
  return { kind: 'jump', wh: null };
}

/** Reads a track from its first sample on, which is taken as sound. */
export function traceCounter({ nature, samples, ended }: Pick<CounterTrack, 'nature' | 'samples' | 'ended'>): CounterSteps {
  const steps: Step[] = [];
  const refused: CounterSample[] = [];
  let certainMs: number | null = null;
  for (let index = 0; index < samples.length;) {
    const sample = samples[index]!;
    const last = steps.at(-1);
    if (last === undefined) {
      steps.push({ sample, kind: 'first', wh: 0 });
      index += 1;
      continue;
    }
    const a = last.sample;
    if (fits(nature, a, sample)) {
      steps.push(sound(nature, a, sample));
      certainMs = a.takenMs;
      index += 1;
      continue;
    }
    // Only what was counted without a break can be counted again without the sample between.
    const before = last.kind === 'sound' ? steps.at(-2) : undefined;
    const verdict = judge(nature, before, a, samples.slice(index, index + 1 + LOOK_AHEAD), ended);
    if (verdict === 'unknown') return { steps, refused, certainMs };
    if ('skip' in verdict) {
      refused.push(...samples.slice(index, index + verdict.skip));
      index += verdict.skip;
    } else if ('drop' in verdict) {
      refused.push(a);
      steps.pop();
    } else {
      steps.push({ sample, ...verdict });
      certainMs = a.takenMs;
      index += 1;
    }
  }
  const last = steps.at(-1);
  return { steps, refused, certainMs: ended && last ? last.sample.takenMs : certainMs };
}
