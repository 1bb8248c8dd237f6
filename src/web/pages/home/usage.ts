import { addToDay, localDay } from '../../../domain/time-bucket.ts';
import { usagePeriod, type UsageView } from '../../../domain/usage.ts';
import type { Usage, UsageCost } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';

export type { Usage };
export type UsageItem = Usage['items'][number];

/** Where the energy of a part of the time came from, and what it costs. */
export interface PartCost {
  gridWh: number | null;
  ownWh: number | null;
  cost: string | null;
}

export interface Costs {
  /** By the beginning of the part. */
  parts: ReadonlyMap<number, PartCost>;
  currency: string | null;
  gridWh: number | null;
  ownWh: number | null;
  cost: string | null;
  lines: UsageCost['lines'];
  /** The months of a year come one after the other. */
  isWhole: boolean;
}

export const NO_COSTS: Costs = {
  parts: new Map(),
  ...{ currency: null, gridWh: null, ownWh: null, cost: null, lines: [], isWhole: false },
};

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

const MICRO = 1_000_000n;

function micro(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole) * MICRO + BigInt(fraction.padEnd(6, '0'));
  return amount.startsWith('-') ? -value : value;
}

/** Exact: never by way of a float. */
function addAmounts(a: string, b: string): string {
  const total = micro(a) + micro(b);
  const digits = (total < 0n ? -total : total).toString().padStart(7, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function addedCost(before: Costs, month: UsageCost): string | null {
  const isFirst = before.gridWh === null;
  if (month.gridWh === null) return before.cost;
  if (month.cost === null || (!isFirst && (before.cost === null || before.currency !== month.currency))) return null;
  return isFirst ? month.cost : addAmounts(before.cost ?? '0', month.cost);
}

/** A year is as many bills as it has months. */
export function withMonth(before: Costs, fromMs: number, month: UsageCost): Costs {
  const { gridWh, ownWh, cost } = month;
  return {
    parts: new Map([...before.parts, [fromMs, { gridWh, ownWh, cost }]]),
    currency: month.gridWh === null ? before.currency : month.currency,
    gridWh: sum(before.gridWh, gridWh),
    ownWh: sum(before.ownWh, ownWh),
    cost: addedCost(before, month),
    lines: [],
    isWhole: false,
  };
}

function costsOf({ items, ...cost }: UsageCost): Costs {
  return { ...cost, parts: new Map(items.map(({ from, ...part }) => [Date.parse(from), part])), isWhole: true };
}

/** Tells what is there so far; ends early when nobody wants it any more. */
export async function readCosts(
  { flatId, zone, view, items }: Pick<Usage, 'flatId' | 'zone' | 'view' | 'items'>,
  day: string,
  { tell, isWanted }: { tell(costs: Costs): void; isWanted(): boolean },
): Promise<void> {
  if (view !== 'year') return tell(costsOf(await api.readUsageCost({ flatId, view, day })));
  let costs = NO_COSTS;
  for (const { from, state } of items) {
    if (!isWanted()) return;
    if (state === 'ahead' || state === 'outside') continue;
    const month = await api.readUsageCost({ flatId, view: 'month', day: localDay(Date.parse(from), zone) });
    costs = withMonth(costs, Date.parse(from), month);
    tell(costs);
  }
  tell({ ...costs, isWhole: true });
}

/** The time after, or before; kept within the days that may be seen. */
export function stepped(view: UsageView, day: string, by: 1 | -1): string {
  if (view === 'day') return addToDay(day, { days: by });
  return addToDay(usagePeriod(view, day).from, { months: view === 'month' ? by : 12 * by });
}

/** Whether a day, month or year has any of the days given. */
export function touches(view: UsageView, day: string, { first, last }: { first: string | null; last: string }): boolean {
  const { from, to } = usagePeriod(view, day);
  return from <= last && (first === null || to > first);
}

export function limitWhOf({ view, limits }: Pick<Usage, 'view' | 'limits'>): number | null {
  return view === 'day' && limits.length === 1 ? limits[0]!.limitWh : null;
}
