import { groupBy } from '../domain/group-by.ts';
import type { Span } from '../domain/gap.ts';
import { settlementOf, type Settlement, type SightOfFlat } from '../domain/settlement.ts';
import type { MeterOfSheet } from '../domain/settlement-sheet.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import type { StoredCounter } from '../store/bills.ts';
import { metersOfFlats } from '../store/boundary-counters.ts';
import type { Database } from '../store/database.ts';
import { inSnapshot } from '../store/snapshot.ts';
import { countersOf } from './bill-counters.ts';
import { loadEnergy, splitBuilding } from './split-building.ts';

export interface LoadedSettlement {
  settlement: Settlement;
  /** By flat, the one that hangs there last first. */
  meters: Map<number, MeterOfSheet[]>;
}

function counterAt(counter: StoredCounter['from']): MeterOfSheet['from'] {
  return counter && { atMs: Date.parse(counter.at), wh: counter.wh };
}

/** What the flats of a building used in a time and where it came from, with the counters at both ends: of one moment. */
export async function loadSettlement(
  { prisma, pool }: Pick<Database, 'prisma' | 'pool'>,
  buildingId: number,
  span: Span,
  sightOf: SightOfFlat = () => null,
): Promise<LoadedSettlement> {
  const settings = await readBillingSettings(prisma, buildingId);
  const hung = groupBy(await metersOfFlats(prisma, buildingId, span), ({ flatId }) => flatId);
  const { energy, meters } = await inSnapshot(pool, async (connection) => {
    const stretches = [...hung].flatMap(([flatId, ofFlat]) =>
      (sightOf(flatId) ?? [span]).map((part) => ({
        flatId,
        span: { fromMs: Math.max(part.fromMs, span.fromMs), toMs: Math.min(part.toMs, span.toMs) },
        meters: ofFlat.toSorted((a, b) => b.fromMs - a.fromMs),
      })),
    );
    const counters = await countersOf(connection, stretches);
    const shown = stretches.map(({ flatId }, index) => ({
      flatId,
      meters: (counters[index] ?? []).map(({ serial, from, to }) => ({ serial, from: counterAt(from), to: counterAt(to) })),
    }));
    return {
      energy: await loadEnergy({ prisma, pool: connection }, buildingId, span),
      meters: new Map([...groupBy(shown, ({ flatId }) => flatId)].map(([flatId, parts]) => [flatId, parts.flatMap((part) => part.meters)])),
    };
  });
  const split = await splitBuilding(settings, energy, async () => {});
  return { settlement: settlementOf(energy, split, sightOf), meters };
}
