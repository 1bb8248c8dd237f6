import type { DownloadBucket, PlannedTable } from '../domain/download-plan.ts';
import { bucketsIn } from '../domain/energy-bucket.ts';
import type { Span } from '../domain/gap.ts';
import { column } from '../domain/table.ts';
import { dayStart, localDay } from '../domain/time-bucket.ts';
import { isConsumer } from '../domain/building-energy.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import type { Database } from '../store/database.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { pointsOfBuilding } from '../store/points.ts';
import { refuseOtherDays } from './download-energy.ts';
import { checkNamed } from './download-readings.ts';
import type { DownloadRights } from './download-rights.ts';

export interface SplitWanted {
  span: Span;
  zone: string;
  bucket: DownloadBucket;
  flats?: readonly number[] | undefined;
  nowMs: number;
}

/** Calendar months of the building: what is rounded in one is evened out in it, so that the sheet says the same. */
function monthsOf({ fromMs, toMs }: Span, zone: string, nowMs: number): Span[] {
  const first = `${localDay(fromMs, zone).slice(0, 7)}-01`;
  const whole = bucketsIn({ fromMs: dayStart(first, zone), toMs: Math.min(toMs, nowMs) }, 'month', zone);
  return whole.map((month) => ({ fromMs: month.fromMs, toMs: Math.min(month.toMs, nowMs) }));
}

/** What each flat used by the bucket, and where it came from. */
export async function planSplit(
  { prisma }: Pick<Database, 'prisma'>,
  rights: DownloadRights,
  { span, zone, bucket, flats, nowMs }: SplitWanted,
): Promise<PlannedTable> {
  const { building } = rights;
  refuseOtherDays(bucket, zone, building.zone);
  const all = await flatsOfBuilding(prisma, building.id);
  const visible = all.filter(({ id, kind }) => isConsumer(kind) && rights.sightOf(id, span)?.length !== 0);
  checkNamed('flats', 'flat', flats, new Set(visible.map(({ id }) => id)));
  const shown = visible.filter(({ id }) => flats?.includes(id) ?? true).map(({ id }) => ({ flatId: id, sight: rights.sightOf(id, span) }));
  const { kind, surplus, shares } = await readBillingSettings(prisma, building.id);
  const points = await pointsOfBuilding(prisma, building.id);
  return {
    what: `split of ${shown.length} ${shown.length === 1 ? 'flat' : 'flats'} by the ${bucket === 'quarter' ? 'quarter hour' : bucket}`,
    columns: [
      ...[column('flat'), column('from', bucket === 'quarter' || bucket === 'hour' ? 'moment' : 'day')],
      ...[column('consumption', 'number', 'Wh'), column('grid', 'number', 'Wh')],
      ...all.filter((flat) => flat.kind === 'producer').map(({ name }) => column(`from ${name}`, 'number', 'Wh')),
      ...[column('quality'), column('unknown_quarter_hours', 'number')],
    ],
    source: {
      kind: 'split',
      ...{ bucket, zone, span, shown, buildingZone: building.zone },
      months: monthsOf(span, building.zone, nowMs),
      setting: { kind, surplus, shares },
      flats: all.map(({ id, name, kind: flatKind }) => ({ id, name, kind: flatKind })),
      points: points.map(({ id, name, flatId }) => ({ id, name, flatId })),
    },
  };
}
