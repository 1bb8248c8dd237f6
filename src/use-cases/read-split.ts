import type { Connection } from 'mariadb';
import type { SplitSource } from '../domain/download-plan.ts';
import { bucketsIn } from '../domain/energy-bucket.ts';
import type { Span } from '../domain/gap.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import { splitBucket } from '../domain/split-buckets.ts';
import type { Batch, Cell } from '../domain/table.ts';
import { localDay } from '../domain/time-bucket.ts';
import { loadBuildingEnergy } from '../store/period-energy.ts';
import { splitBuilding } from './split-building.ts';

/** What each flat used by the bucket, and where it came from: month by month, flat by flat. */
export async function* readSplit(connection: Connection, source: SplitSource): AsyncGenerator<Batch> {
  const { bucket, zone, buildingZone, span, months, setting, flats, points } = source;
  const sightOf = new Map(source.shown.map(({ flatId, sight }) => [flatId, sight]));
  const written = (ms: number): string => (bucket === 'quarter' || bucket === 'hour' ? isoLocal(ms, zone) : localDay(ms, zone));
  for (const [index, month] of months.entries()) {
    const energy = await loadBuildingEnergy(connection, { flats, points, span: month });
    const split = await splitBuilding(setting, energy, async () => {});
    const here = { fromMs: Math.max(month.fromMs, span.fromMs), toMs: Math.min(month.toMs, span.toMs) };
    const buckets = bucketsIn(here, bucket, buildingZone);
    for (const [place, flat] of energy.consumers.entries()) {
      const sight = sightOf.get(flat.id);
      if (sight === undefined) continue;
      const rows = seenBuckets(buckets, sight).map((part): Cell[] => {
        const { consumptionWh, gridWh, ownWh, quality, unknownSlots } = splitBucket(energy, split, place, part);
        return [flat.name, written(part.fromMs), consumptionWh, gridWh, ...ownWh, quality, unknownSlots];
      });
      yield { rows, done: (index + (place + 1) / energy.consumers.length) / months.length };
    }
  }
}

function seenBuckets(buckets: readonly Span[], sight: readonly Span[] | null): readonly Span[] {
  if (sight === null) return buckets;
  return buckets.filter(({ fromMs, toMs }) => sight.some((part) => part.fromMs <= fromMs && toMs <= part.toMs));
}
