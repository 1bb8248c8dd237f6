import type { DaySpan, DownloadBucket, DownloadSource, FlowPart, PlannedTable, ShownSpan } from '../domain/download-plan.ts';
import { MAIN_FLOWS } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import { say } from '../domain/refusal.ts';
import { column } from '../domain/table.ts';
import { addToDay, dayStart, localDay } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { pointsOfBuilding } from '../store/points.ts';
import { checkNamed } from './download-readings.ts';
import type { DownloadRights } from './download-rights.ts';
import { shownSpans } from './plan-download.ts';

const HOUR_MS = 3_600_000;

/** The first day that begins in a part, and the day after the last one that ends in it. */
function wholeDays({ fromMs, toMs }: Span, zone: string): DaySpan {
  const day = localDay(fromMs, zone);
  return { from: dayStart(day, zone) < fromMs ? addToDay(day, { days: 1 }) : day, to: localDay(toMs, zone) };
}

function wholeMonths(span: Span, zone: string): DaySpan {
  const { from, to } = wholeDays(span, zone);
  const first = `${from.slice(0, 7)}-01`;
  return { from: first < from ? addToDay(first, { months: 1 }) : first, to: `${to.slice(0, 7)}-01` };
}

/** For whoever may see everything: the days or months that begin in a range, whole or not. */
function daysBegun({ fromMs, toMs }: Span, zone: string, bucket: 'day' | 'month'): DaySpan {
  const firstFrom = (ms: number) => {
    const day = localDay(ms, zone);
    const first = bucket === 'day' ? day : `${day.slice(0, 7)}-01`;
    if (dayStart(first, zone) >= ms) return first;
    return addToDay(first, bucket === 'day' ? { days: 1 } : { months: 1 });
  };
  return { from: firstFrom(fromMs), to: firstFrom(toMs) };
}

/** The buckets of a range that may be seen: a tenant has those that lie in the own time as a whole. */
function dayParts(
  { sightOf }: Pick<DownloadRights, 'sightOf'>,
  { flatId, span, zone, bucket }: { flatId: number; span: Span; zone: string; bucket: 'day' | 'month' },
): DaySpan[] {
  const sight = sightOf(flatId, span);
  if (sight === null) return [daysBegun(span, zone, bucket)];
  return sight.map((part) => (bucket === 'day' ? wholeDays(part, zone) : wholeMonths(part, zone))).filter(({ from, to }) => from < to);
}

/** As above, for quarter hours and hours, by the clocks they are written in. */
function clockParts(
  { sightOf }: Pick<DownloadRights, 'sightOf'>,
  { flatId, span, zone, bucket }: { flatId: number; span: Span; zone: string; bucket: 'quarter' | 'hour' },
): ShownSpan[] {
  const sight = sightOf(flatId, span);
  if (sight === null) return shownSpans(span, zone);
  const lengthMs = bucket === 'hour' ? HOUR_MS : HOUR_MS / 4;
  return sight.flatMap(({ fromMs, toMs }) => (toMs - lengthMs < fromMs ? [] : shownSpans({ fromMs, toMs: toMs - lengthMs + 1 }, zone)));
}

/** Days and months were rolled up on the clocks of the building. */
export function refuseOtherDays(bucket: DownloadBucket, zone: string, ofBuilding: string): void {
  if (zone === ofBuilding || bucket === 'quarter' || bucket === 'hour') return;
  throw new InvalidInput({
    zone: say('daysOfBuilding', ofBuilding),
  });
}

export interface EnergyWanted {
  span: Span;
  zone: string;
  bucket: DownloadBucket;
  points?: readonly number[] | undefined;
  flats?: readonly number[] | undefined;
}

/** The energy of points, import and export, by the bucket. */
export async function planEnergy(
  { prisma }: Pick<Database, 'prisma'>,
  rights: DownloadRights,
  { span, zone, bucket, points, flats }: EnergyWanted,
): Promise<PlannedTable> {
  const { building } = rights;
  refuseOtherDays(bucket, zone, building.zone);
  const visible = (await flatsOfBuilding(prisma, building.id)).filter(({ id }) => rights.sightOf(id, span)?.length !== 0);
  const nameOf = new Map(visible.map(({ id, name }) => [id, name]));
  const known = (await pointsOfBuilding(prisma, building.id)).filter(({ flatId }) => nameOf.has(flatId));
  checkNamed('flats', 'flat', flats, new Set(nameOf.keys()));
  checkNamed('points', 'point', points, new Set(known.map(({ id }) => id)));
  const wanted = known
    .filter(({ id, flatId }) => (points?.includes(id) ?? true) && (flats?.includes(flatId) ?? true))
    .toSorted((a, b) => (nameOf.get(a.flatId) ?? '').localeCompare(nameOf.get(b.flatId) ?? '', 'en', { numeric: true }) || a.id - b.id);
  const heads = wanted.flatMap(({ id: pointId, flatId, name }) =>
    MAIN_FLOWS.map((flow): FlowPart & { flatId: number } => ({ flatId, pointId, flow, head: [nameOf.get(flatId) ?? '', name, flow] })),
  );
  const last = bucket === 'quarter' ? column('method') : column('known_quarter_hours', 'number');
  const columns = [
    ...[column('flat'), column('point'), column('flow')],
    ...[
      column('from', bucket === 'quarter' || bucket === 'hour' ? 'moment' : 'day'),
      column('energy', 'number', 'Wh'),
      column('quality'),
      last,
    ],
  ];
  return {
    what: `energy of ${wanted.length} ${wanted.length === 1 ? 'point' : 'points'} by the ${bucket === 'quarter' ? 'quarter hour' : bucket}`,
    columns,
    source: sourceOf(rights, heads, { span, zone, bucket }),
  };
}

function sourceOf(
  rights: DownloadRights,
  heads: readonly (FlowPart & { flatId: number })[],
  { span, zone, bucket }: Pick<EnergyWanted, 'span' | 'zone' | 'bucket'>,
): DownloadSource {
  if (bucket === 'day' || bucket === 'month') {
    const pieces = heads.flatMap(({ flatId, ...part }) =>
      dayParts(rights, { flatId, span, zone, bucket }).map((days) => ({ ...part, days })),
    );
    return { kind: bucket, pieces };
  }
  const pieces = heads.flatMap(({ flatId, ...part }) =>
    clockParts(rights, { flatId, span, zone, bucket }).map((shown) => ({ ...part, span: shown })),
  );
  return { kind: bucket, pieces };
}
