import { asSteps, breaksIn, bucketWidth, statisticsOf, type Column, type Statistics } from '../domain/history.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Span } from '../domain/gap.ts';
import type { Actor } from '../domain/permission.ts';
import { isQuantity, unitOf } from '../domain/quantity.ts';
import type { Database } from '../store/database.ts';
import { countReadings, findExtreme, gapSpans, historyBuckets, historyRows, type Bucketed, type HistoryOf } from '../store/history.ts';
import { registersOfMeter } from '../store/meter-models.ts';
import type { MeterRow } from '../store/meters.ts';
import { seriesIn, type HistoryInput, type WantedSeries } from './history-input.ts';
import { visibleRange, zoneOfMeter } from './list-meter-readings.ts';
import { rangeOf } from './time-range.ts';

/** Values of an answer, whatever its number of meters: beyond it each bucket tells its lowest, highest and mean. */
const MOST_VALUES = 120_000;
const LONGEST_DAYS = 4_000;

export interface HistorySeries {
  /** As it was asked for. */
  quantity: string;
  unit: string;
  /** Of all readings, not of the buckets; null where there is none. */
  statistics: Statistics | null;
  /** Of a bucket its mean. */
  values: Column;
  low: Column | null;
  high: Column | null;
}

export interface HistoryOfMeter {
  meter: MeterRow;
  /** Null: every reading is here. */
  bucketMs: number | null;
  /** The first moment, then the distance of each to the one before, in milliseconds. */
  steps: number[];
  times: number[];
  /** Before these the line is broken. */
  breaks: number[];
  series: HistorySeries[];
}

export interface History extends Span {
  zone: string;
  meters: HistoryOfMeter[];
}

export interface HistoryDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

interface AskedMeter {
  meter: MeterRow;
  parts: Span[];
  wanted: WantedSeries[];
}

type Told = Omit<HistoryOfMeter, 'meter' | 'series' | 'steps'> & { series: Omit<HistorySeries, 'quantity' | 'unit'>[] };

/** Any values of any meters in [from, to), each in the times that the actor may see. */
export async function showHistory(
  deps: HistoryDeps,
  actor: Actor,
  input: HistoryInput,
  permission: 'reading:read' | 'reading:download' = 'reading:read',
): Promise<History> {
  const byMeter = [...groupBy(seriesIn(input.series), ({ meterId }) => meterId)];
  const [first] = byMeter[0]!;
  const range = { from: input.from, to: input.to };
  const zone = zoneOfMeter((await visibleRange(deps, actor, { meterId: first, ...range }, permission)).meter);
  const span = rangeOf(range, zone, { nowMs: deps.clock(), longestDays: LONGEST_DAYS });
  const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
  const asked: AskedMeter[] = [];
  for (const [meterId, wanted] of byMeter) {
    asked.push({ wanted, ...(await visibleRange(deps, actor, { meterId, from, to }, permission)) });
  }
  const most = MOST_VALUES / asked.length;
  const meters = await Promise.all(asked.map((one) => historyOf(deps.database, one, { span, columns: input.columns, most })));
  return { zone, ...span, meters };
}

async function historyOf(
  { prisma, pool }: HistoryDeps['database'],
  { meter, parts, wanted }: AskedMeter,
  { span, columns, most }: { span: Span; columns: number; most: number },
): Promise<HistoryOfMeter> {
  const of = { meterId: meter.id, quantities: wanted.map(({ name }) => name), parts };
  const isExtra = wanted.some(({ name }) => !isQuantity(name));
  const units = new Map(isExtra ? (await registersOfMeter(prisma, meter.id)).map(({ quantity, unit }) => [quantity, unit]) : []);
  const told = await tell(pool, of, { span, columns, most: Math.floor(most / wanted.length) });
  const series = wanted.map(({ name, quantity }, index) => ({
    quantity,
    unit: isQuantity(name) ? unitOf(name) : (units.get(name) ?? ''),
    ...told.series[index]!,
  }));
  return { ...told, meter, series, steps: asSteps(told.times) };
}

async function tell(
  pool: Database['pool'],
  of: HistoryOf,
  { span, columns, most }: { span: Span; columns: number; most: number },
): Promise<Told> {
  if (of.parts.length === 0) return { bucketMs: null, times: [], breaks: [], series: of.quantities.map(() => NOTHING) };
  const isWhole = (await countReadings(pool, of, most + 1)) <= most;
  return isWhole ? wholeOf(pool, of, span) : inBuckets(pool, of, { span, widthMs: bucketWidth(span, columns) });
}

const NOTHING = { statistics: null, values: [], low: null, high: null };

async function wholeOf(pool: Database['pool'], of: HistoryOf, span: Span): Promise<Told> {
  const [rows, gaps] = await Promise.all([historyRows(pool, of), gapSpans(pool, of.meterId, span)]);
  const { times } = rows;
  const series = rows.columns.map((values) => ({ statistics: statisticsOf(times, values), values, low: null, high: null }));
  return { bucketMs: null, times, breaks: breaksIn(times, gaps), series };
}

async function inBuckets(pool: Database['pool'], of: HistoryOf, { span, widthMs }: { span: Span; widthMs: number }): Promise<Told> {
  const { numbers, columns } = await historyBuckets(pool, of, { fromMs: span.fromMs, widthMs });
  const times = numbers.map((number) => span.fromMs + number * widthMs);
  const series: Told['series'] = [];
  for (const [index, buckets] of columns.entries()) {
    series.push({
      statistics: await statisticsOver(pool, { ...of, quantity: of.quantities[index]! }, { buckets, times, widthMs }),
      values: buckets.map(({ sum, count }) => (sum === null ? null : sum / count)),
      low: buckets.map(({ low }) => low),
      high: buckets.map(({ high }) => high),
    });
  }
  const breaks = numbers.flatMap((number, index) => (index > 0 && number - numbers[index - 1]! > 1 ? [index] : []));
  return { bucketMs: widthMs, times, breaks, series };
}

/** Exact: the buckets tell where the extremes lie, and there they are looked for. */
async function statisticsOver(
  pool: Database['pool'],
  { meterId, parts, quantity }: HistoryOf & { quantity: string },
  { buckets, times, widthMs }: { buckets: readonly Bucketed[]; times: readonly number[]; widthMs: number },
): Promise<Statistics | null> {
  const count = buckets.reduce((all, bucket) => all + bucket.count, 0);
  if (count === 0) return null;
  const place = (isBetter: (a: Bucketed, b: Bucketed) => boolean) =>
    buckets.reduce((best, bucket, index) => (bucket.count > 0 && (best < 0 || isBetter(bucket, buckets[best]!)) ? index : best), -1);
  const find = (index: number, which: 'lowest' | 'highest') => {
    const [fromMs, toMs] = [times[index]!, times[index]! + widthMs];
    const within = parts.map((part) => ({ fromMs: Math.max(part.fromMs, fromMs), toMs: Math.min(part.toMs, toMs) }));
    return findExtreme(pool, { meterId, quantity, which, parts: within });
  };
  const min = await find(
    place((a, b) => a.low! < b.low!),
    'lowest',
  );
  const max = await find(
    place((a, b) => a.high! > b.high!),
    'highest',
  );
  const sum = buckets.reduce((all, bucket) => all + (bucket.sum ?? 0), 0);
  return min && max && { count, min, max, mean: sum / count };
}
