import { bucketsIn } from '../domain/energy-bucket.ts';
import type { Span } from '../domain/gap.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import { splitBucket } from '../domain/split-buckets.ts';
import { column, type Batch, type Cell } from '../domain/table.ts';
import { dayStart, localDay } from '../domain/time-bucket.ts';
import { isConsumer } from '../domain/building-energy.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import type { Database } from '../store/database.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { refuseOtherDays, type DownloadBucket } from './download-energy.ts';
import { checkNamed } from './download-readings.ts';
import type { DownloadRights } from './download-rights.ts';
import type { DownloadPlan } from './plan-download.ts';
import { loadEnergy, splitBuilding } from './split-building.ts';

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
): Promise<Pick<DownloadPlan, 'columns' | 'read'> & { what: string }> {
  const { building } = rights;
  refuseOtherDays(bucket, zone, building.zone);
  const all = await flatsOfBuilding(prisma, building.id);
  const visible = all.filter(({ id, kind }) => isConsumer(kind) && rights.sightOf(id, span)?.length !== 0);
  checkNamed('flats', 'flat', flats, new Set(visible.map(({ id }) => id)));
  const wanted = new Set(visible.map(({ id }) => id).filter((id) => flats?.includes(id) ?? true));
  const producers = all.filter(({ kind }) => kind === 'producer');
  const settings = await readBillingSettings(prisma, building.id);
  const months = monthsOf(span, building.zone, nowMs);

  const partsOf = (flatId: number, buckets: readonly Span[]): Span[] => {
    const sight = rights.sightOf(flatId, span);
    return buckets.filter(({ fromMs, toMs }) => sight?.some((part) => part.fromMs <= fromMs && toMs <= part.toMs) ?? true);
  };
  const shown = (ms: number): string => (bucket === 'quarter' || bucket === 'hour' ? isoLocal(ms, zone) : localDay(ms, zone));

  return {
    what: `split of ${wanted.size} ${wanted.size === 1 ? 'flat' : 'flats'} by the ${bucket === 'quarter' ? 'quarter hour' : bucket}`,
    columns: [
      ...[column('flat'), column('from', bucket === 'quarter' || bucket === 'hour' ? 'moment' : 'day')],
      ...[column('consumption', 'number', 'Wh'), column('grid', 'number', 'Wh')],
      ...producers.map(({ name }) => column(`from ${name}`, 'number', 'Wh')),
      ...[column('quality'), column('unknown_quarter_hours', 'number')],
    ],
    async *read(connection): AsyncGenerator<Batch> {
      for (const [index, month] of months.entries()) {
        const energy = await loadEnergy({ prisma, pool: connection }, building.id, month);
        const split = await splitBuilding(settings, energy, async () => {});
        const here = { fromMs: Math.max(month.fromMs, span.fromMs), toMs: Math.min(month.toMs, span.toMs) };
        const buckets = bucketsIn(here, bucket, building.zone);
        const placeOf = new Map(energy.producers.map(({ id }, place) => [id, place]));
        for (const [place, flat] of energy.consumers.entries()) {
          if (!wanted.has(flat.id)) continue;
          const rows = partsOf(flat.id, buckets).map((part): Cell[] => {
            const { consumptionWh, gridWh, ownWh, quality, unknownSlots } = splitBucket(energy, split, place, part);
            // In the order of the heading, whoever has come or gone meanwhile.
            const own = producers.map(({ id }) => ownWh[placeOf.get(id) ?? -1] ?? 0);
            return [flat.name, shown(part.fromMs), consumptionWh, gridWh, ...own, quality, unknownSlots];
          });
          yield { rows, done: (index + (place + 1) / energy.consumers.length) / months.length };
        }
      }
    },
  };
}
