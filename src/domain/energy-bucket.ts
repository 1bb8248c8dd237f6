import type { Span } from './gap.ts';
import { dayBounds, addToDay, localDay, QUARTER_HOUR_MS, stretches, dayStart } from './time-bucket.ts';

export const BUCKETS = ['quarter', 'hour', 'day', 'month', 'year'] as const;
export type Bucket = (typeof BUCKETS)[number];

const HOUR_MS = 3_600_000;

function quarters({ fromMs, toMs }: Span): Span[] {
  const first = Math.ceil(fromMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const count = Math.max(0, Math.ceil((toMs - first) / QUARTER_HOUR_MS));
  return Array.from({ length: count }, (_, i) => ({ fromMs: first + i * QUARTER_HOUR_MS, toMs: first + (i + 1) * QUARTER_HOUR_MS }));
}

/** An hour ends with the clock's next full hour, or where the clocks are set: half an hour on Lord Howe. */
function hours(span: Span, zone: string): Span[] {
  const day = { fromMs: dayBounds(localDay(span.fromMs, zone), zone).fromMs, toMs: dayBounds(localDay(span.toMs, zone), zone).toMs };
  const found: Span[] = [];
  for (const { fromMs, toMs, offsetMs } of stretches(day, zone)) {
    for (let startMs = fromMs; startMs < toMs;) {
      const endMs = Math.min(toMs, (Math.floor((startMs + offsetMs) / HOUR_MS) + 1) * HOUR_MS - offsetMs);
      found.push({ fromMs: startMs, toMs: endMs });
      startMs = endMs;
    }
  }
  return found;
}

function calendar(span: Span, zone: string, first: string, step: { days: number } | { months: number }): Span[] {
  const found: Span[] = [];
  // From the first date each time: the 31st of a month must not become the 28th of all that follow.
  const date = (number: number) => addToDay(first, 'days' in step ? { days: step.days * number } : { months: step.months * number });
  let fromMs = dayStart(first, zone);
  for (let number = 1; fromMs < span.toMs; number += 1) {
    const toMs = dayStart(date(number), zone);
    found.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return found;
}

/** The buckets that begin in a span, on the clocks of a zone. A month may begin on any day from 1 to 28. */
export function bucketsIn(span: Span, bucket: Bucket, zone: string, startDay = 1): Span[] {
  const day = localDay(span.fromMs, zone);
  const start = String(startDay).padStart(2, '0');
  const begins = ({ fromMs }: Span) => fromMs >= span.fromMs && fromMs < span.toMs;
  switch (bucket) {
    case 'quarter':
      return quarters(span);
    case 'hour':
      return hours(span, zone).filter(begins);
    case 'day':
      return calendar(span, zone, day, { days: 1 }).filter(begins);
    case 'month':
      return calendar(span, zone, `${day.slice(0, 8)}${start}`, { months: 1 }).filter(begins);
    case 'year':
      return calendar(span, zone, `${day.slice(0, 5)}01-${start}`, { months: 12 }).filter(begins);
  }
}
