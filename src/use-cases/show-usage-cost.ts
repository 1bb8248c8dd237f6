import { billedTime } from '../domain/bill.ts';
import { estimatedSplit } from '../domain/building-energy.ts';
import { bucketsIn } from '../domain/energy-bucket.ts';
import type { Actor } from '../domain/permission.ts';
import { floorSlot } from '../domain/settle.ts';
import { usageCost, type UsageCost } from '../domain/usage-cost.ts';
import { spanOfDays, usagePeriod, USAGE_BUCKET, type UsageView } from '../domain/usage.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import { tariffsOfBuilding } from '../store/tariffs.ts';
import { dayOf, seeFlat, type UsageDeps, type UsageInput } from './show-usage.ts';
import { loadEnergy, splitBuilding } from './split-building.ts';

export interface UsageCostInput extends UsageInput {
  view: Exclude<UsageView, 'year'>;
}

export interface ShownCost extends UsageCost {
  /** Null where no tariff holds, or two of different currencies. */
  currency: string | null;
}

const NOTHING: ShownCost = { currency: null, items: [], gridWh: null, ownWh: null, lines: [], cost: null };

/**
 * Where the energy of a day or month came from, and what it costs by the tariff. The split is that of the whole month, as
 * bills have it, whatever part of it is asked for; that is much to read, so it is asked for apart from the energy itself.
 */
export async function showUsageCost(deps: UsageDeps, actor: Actor, { flatId, view, day }: UsageCostInput): Promise<ShownCost> {
  const { prisma, pool } = deps.database;
  const nowMs = deps.clock();
  const { flat, zone, sightOf } = await seeFlat(deps, actor, 'bill:read', flatId);
  const days = usagePeriod(view, dayOf(day, zone, nowMs));
  const span = spanOfDays(days, zone);
  const period = usagePeriod('month', days.from);
  const month = spanOfDays(period, zone);
  if (sightOf(span).length === 0 || span.fromMs >= nowMs) return NOTHING;
  const [settings, tariffs, energy] = await Promise.all([
    readBillingSettings(prisma, flat.buildingId),
    tariffsOfBuilding(prisma, flat.buildingId),
    loadEnergy({ prisma, pool }, flat.buildingId, { fromMs: month.fromMs, toMs: Math.min(month.toMs, floorSlot(nowMs)) }),
  ]);
  const index = energy.consumers.findIndex(({ id }) => id === flatId);
  const own = energy.consumers[index];
  if (own === undefined) return NOTHING;
  const split = await splitBuilding(settings, energy, async () => {});
  const { producers } = energy;
  const time = billedTime({ zone, period, tariffs, producers: producers.map(({ id, name }) => ({ id, name })) });
  const inTime = {
    quality: own.quality,
    consumption: own.wh,
    own: split.own.slice(index * producers.length, (index + 1) * producers.length),
    estimated: estimatedSplit(own, producers),
  };
  const cost = usageCost(time, inTime, bucketsIn(span, USAGE_BUCKET[view], zone), sightOf);
  const currencies = new Set(time.tariffs.map(({ currency }) => currency));
  const [currency] = currencies;
  if (currencies.size === 1 && currency !== undefined) return { ...cost, currency };
  return { ...cost, currency: null, lines: [], cost: null, items: cost.items.map((item) => ({ ...item, cost: null })) };
}
