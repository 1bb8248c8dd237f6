import { createHash } from 'node:crypto';
import { spanOf, type BillingPeriod } from '../domain/billing-period.ts';
import { isConsumer, type BuildingEnergy } from '../domain/building-energy.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Tenant } from '../domain/occupancy.ts';
import { tariffsIn, type Tariff } from '../domain/tariff.ts';
import { readBillingSettings, type BillingSettings } from '../store/billing-settings.ts';
import type { Database } from '../store/database.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { droppedUntil } from '../store/kept-from.ts';
import { tariffsOfBuilding } from '../store/tariffs.ts';
import { tenanciesInBuilding } from '../store/tenancies.ts';
import { unsettledPoints, type UnsettledPoint } from '../store/unsettled-points.ts';
import { loadEnergy } from './split-building.ts';

type Sources = Pick<Database, 'prisma' | 'pool'>;

/** What the bills of a building and period are made from, beside the energy. */
interface BillSetup {
  settings: BillingSettings;
  tariffs: Tariff[];
  tenantsOfFlat: Map<number, Tenant[]>;
  /** What of it bears on a bill. */
  text: string;
  hash: string;
}

export interface BillInputs extends Omit<BillSetup, 'text'> {
  energy: BuildingEnergy;
  /** Both are the same as long as nothing of it changes. */
  setupHash: string;
}

export async function loadBillSetup(
  prisma: Sources['prisma'],
  building: { id: number; zone: string },
  period: BillingPeriod,
): Promise<BillSetup> {
  const span = spanOf(period, building.zone);
  const settings = await readBillingSettings(prisma, building.id);
  const tariffs = tariffsIn(await tariffsOfBuilding(prisma, building.id), period);
  const tenancies = await tenanciesInBuilding(prisma, building.id, span);
  const tenants = tenancies.map(({ id, flatId, name, address, fromAt, toAt }) => ({
    flatId,
    tenancyId: id,
    party: name,
    address,
    fromMs: fromAt.getTime(),
    toMs: toAt?.getTime() ?? null,
  }));
  const { kind, surplus, shares } = settings;
  const text = asText({ zone: building.zone, period, split: { kind, surplus, shares }, tariffs, tenants });
  const flats = (await flatsOfBuilding(prisma, building.id)).filter((flat) => flat.kind === 'producer' || isConsumer(flat.kind));
  const hash = createHash('sha256').update(text).update(asText(flats)).digest('hex');
  return { settings, tariffs, tenantsOfFlat: groupBy(tenants, ({ flatId }) => flatId), text, hash };
}

/** Everything the bills of a building and period are made from. */
export async function loadBillInputs(
  database: Sources,
  building: { id: number; zone: string },
  period: BillingPeriod,
): Promise<BillInputs> {
  const { text, hash: setupHash, ...setup } = await loadBillSetup(database.prisma, building, period);
  const energy = await loadEnergy(database, building.id, spanOf(period, building.zone));
  const hash = createHash('sha256').update(text);
  for (const { wh, quality, ...flat } of [...energy.consumers, ...energy.producers]) hash.update(asText(flat)).update(wh).update(quality);
  return { ...setup, energy, setupHash, hash: hash.digest('hex') };
}

export function asText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}

const SHOWN_POINTS = 10;

/** Why there can be no bills for this period yet, as a sentence; null when there can. */
export async function whatIsMissing(
  { prisma, pool }: Sources,
  { id, name, zone }: { id: number; name: string; zone: string },
  period: BillingPeriod,
): Promise<string | null> {
  const tariffs = tariffsIn(await tariffsOfBuilding(prisma, id), period);
  if (tariffs[0]?.from !== period.from) return `${name} has no tariff for ${period.from}: make one that is valid from that day or earlier.`;
  const other = tariffs.find(({ currency }) => currency !== tariffs[0]?.currency);
  if (other) return `The currency changes on ${other.from}: make a run up to that day, and one from there on.`;
  const dropped = await droppedUntil(pool, 'intervals');
  if (dropped !== null && spanOf(period, zone).fromMs < dropped.untilMs) {
    return `The quarter hours from before ${new Date(dropped.untilMs).toISOString().slice(0, 10)} are no longer kept: no bills can be made of them.`;
  }
  const unsettled = await unsettledPoints(pool, id, spanOf(period, zone).toMs);
  if (unsettled.length === 0) return null;
  const more = unsettled.length > SHOWN_POINTS ? `, and ${unsettled.length - SHOWN_POINTS} more` : '';
  return `The energy of this period is not settled yet: ${unsettled.slice(0, SHOWN_POINTS).map(settledSentence).join(', ')}${more}.`;
}

function settledSentence({ flat, point, settledUntilMs }: UnsettledPoint): string {
  return `${flat} (${point}) ${settledUntilMs === null ? 'not at all' : `until ${new Date(settledUntilMs).toISOString()}`}`;
}
