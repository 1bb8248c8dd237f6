import type { FlatKind } from '../domain/building-flow.ts';
import type { Span } from '../domain/gap.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { settlementOf } from '../domain/settlement.ts';
import { localDay, QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import { findBuilding } from '../store/buildings.ts';
import { areasOfFlats } from '../store/flats.ts';
import { demand, seen } from './access.ts';
import { monthSpan, type SettlementDeps } from './show-settlement.ts';
import { loadEnergy, splitBuilding } from './split-building.ts';

const SETTLING_MS = 6 * 60_000;

export interface FlatSources {
  id: number;
  name: string;
  kind: FlatKind;
  areaM2: number | null;
  /** Null when nothing is known of the whole time. */
  consumptionWh: number | null;
  gridWh: number | null;
  /** In the order of the producers. */
  ownWh: number[];
  unknownSlots: number;
}

export interface ProducerUse {
  id: number;
  name: string;
  producedWh: number | null;
  /** By the flats of the building; the rest went elsewhere. */
  usedWh: number;
  unknownSlots: number;
}

export interface EnergySources {
  zone: string;
  month: string;
  span: Span;
  slots: number;
  flats: FlatSources[];
  producers: ProducerUse[];
}

/** Of the running month what is settled by now: the newest quarter hours are still to come. */
function settledPart({ fromMs, toMs }: Span, nowMs: number): Span {
  const settledMs = Math.floor((nowMs - SETTLING_MS) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, settledMs)) };
}

/** Where the energy of a month came from and who used it, by the split that bills rest on. */
export async function showEnergySources(
  { database, clock }: SettlementDeps,
  actor: Actor,
  { buildingId, month: asked }: { buildingId: number; month?: string | undefined },
): Promise<EnergySources> {
  const { zone } = seen(await findBuilding(database.prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'reading:read', { buildingId });
  const month = asked ?? localDay(clock(), zone).slice(0, 7);
  const span = settledPart(monthSpan(month, zone, clock()), clock());
  const [settings, areas] = await Promise.all([
    readBillingSettings(database.prisma, buildingId),
    areasOfFlats(database.prisma, buildingId),
  ]);
  const energy = await loadEnergy(database, buildingId, span);
  const { slots, flats, producers } = settlementOf(energy, await splitBuilding(settings, energy, async () => {}));
  return {
    ...{ zone, month, span, slots },
    flats: flats.map(({ unreadSlots: _, ...flat }) => ({ ...flat, areaM2: areas.get(flat.id) ?? null })),
    producers: producers.map(({ id, name, producedWh, unknownSlots }, index) => ({
      ...{ id, name, producedWh, unknownSlots },
      usedWh: flats.reduce((sum, { ownWh }) => sum + (ownWh[index] ?? 0), 0),
    })),
  };
}
