import type { Pool } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { StoredCounter } from '../store/bills.ts';
import { findCounters, type Counter, type CounterQuestion, type MeterAtFlat } from '../store/boundary-counters.ts';

/** How far from a boundary a reading may be to stand for it. */
const NEAR_MS = 24 * 3_600_000;

/** The meters of each stretch of time, with the first and the last counter: noted at the exchange, else the nearest reading. */
export async function countersOf(
  pool: Pick<Pool, 'query'>,
  stretches: readonly { span: Span; meters: readonly MeterAtFlat[] }[],
): Promise<StoredCounter[][]> {
  const present = stretches.map(({ span, meters }) => ({
    span,
    meters: meters.filter((meter) => meter.fromMs < span.toMs && (meter.toMs ?? span.toMs) > span.fromMs),
  }));
  const questions = present.flatMap(({ span, meters }) => meters.flatMap((meter) => [firstOf(meter, span), lastOf(meter, span)]));
  const answers = await findCounters(pool, questions);
  let next = 0;
  return present.map(({ span, meters }) =>
    meters.map((meter) => {
      const [first, last] = [answers[next] ?? null, answers[next + 1] ?? null];
      next += 2;
      const begins = meter.fromMs > span.fromMs && meter.firstWh !== null ? { atMs: meter.fromMs, wh: meter.firstWh } : first;
      const ends = meter.toMs !== null && meter.toMs < span.toMs && meter.lastWh !== null ? { atMs: meter.toMs, wh: meter.lastWh } : last;
      return { serial: meter.serial, from: shown(begins), to: shown(ends) };
    }),
  );
}

function firstOf({ meterId, inverted, fromMs }: MeterAtFlat, span: Span): CounterQuestion {
  if (fromMs > span.fromMs) return { meterId, inverted, atMs: fromMs, limitMs: fromMs + NEAR_MS };
  return { meterId, inverted, atMs: span.fromMs, limitMs: Math.max(fromMs, span.fromMs - NEAR_MS) };
}

function lastOf({ meterId, inverted, fromMs, toMs }: MeterAtFlat, span: Span): CounterQuestion {
  const endMs = Math.min(toMs ?? span.toMs, span.toMs);
  return { meterId, inverted, atMs: endMs, limitMs: Math.max(fromMs, endMs - NEAR_MS) };
}

function shown(counter: Counter | null): StoredCounter['from'] {
  return counter && { at: new Date(counter.atMs).toISOString(), wh: counter.wh };
}
