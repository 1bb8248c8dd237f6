import { linesOf, slotsOf, type BilledTime, type BillLine, type FlatEnergy } from './bill.ts';
import { isUnknown, type EnergyOfFlat } from './building-energy.ts';
import type { Span } from './gap.ts';
import type { Micro } from './money.ts';
import { sumMicro } from './money.ts';

/** Where the energy of a part came from and what it costs; null where nothing is known, or no tariff holds. */
export interface CostPart extends Span {
  gridWh: number | null;
  ownWh: number | null;
  /** Not rounded, without VAT. */
  cost: Micro | null;
}

export type EnergyLine = Pick<BillLine, 'kind' | 'label' | 'wh' | 'price' | 'amount'>;

export interface UsageCost {
  items: CostPart[];
  gridWh: number | null;
  ownWh: number | null;
  lines: EnergyLine[];
  /** The sum of the lines, each rounded as a bill does it; without base price and VAT. */
  cost: Micro | null;
}

type FlatInTime = Pick<EnergyOfFlat, 'quality'> & FlatEnergy;

const WH_PER_KWH = 1_000n;

function isEnergy({ kind }: Pick<BillLine, 'kind'>): boolean {
  return kind !== 'base';
}

function linesIn(time: BilledTime, flat: FlatInTime, seen: readonly Span[]): BillLine[] {
  return seen.flatMap((span) => linesOf(time, flat, { ...span, tenant: null }).filter(isEnergy));
}

function partOf(time: BilledTime, flat: FlatInTime, part: Span, seen: readonly Span[]): CostPart {
  let [ownWh, usedWh, known, priced] = [0, 0, 0, true];
  for (const span of seen) {
    const [start, end] = slotsOf(time, span);
    for (let slot = start; slot < end; slot += 1) {
      if (isUnknown(flat.quality[slot])) continue;
      known += 1;
      priced &&= (time.slots[slot]?.tariff ?? -1) >= 0;
      usedWh += flat.consumption[slot] ?? 0;
      for (const own of flat.own) ownWh += own[slot] ?? 0;
    }
  }
  if (known === 0) return { ...part, gridWh: null, ownWh: null, cost: null };
  const cost = priced ? sumMicro(linesIn(time, flat, seen).map(({ price, wh }) => price * BigInt(wh))) / WH_PER_KWH : null;
  return { ...part, gridWh: usedWh - ownWh, ownWh, cost };
}

/** By the lines of a bill: the same prices, bands and own production, for the parts of a time that may be seen. */
export function usageCost(time: BilledTime, flat: FlatInTime, parts: readonly Span[], sightOf: (span: Span) => Span[]): UsageCost {
  const items = parts.map((part) => partOf(time, flat, part, sightOf(part)));
  const known = items.filter(({ gridWh }) => gridWh !== null);
  const sum = (of: 'gridWh' | 'ownWh') => (known.length === 0 ? null : known.reduce((all, item) => all + (item[of] ?? 0), 0));
  const isPriced = known.length > 0 && known.every(({ cost }) => cost !== null);
  const whole = { fromMs: parts[0]?.fromMs ?? 0, toMs: parts.at(-1)?.toMs ?? 0 };
  const lines = isPriced ? linesIn(time, flat, sightOf(whole)) : [];
  return {
    items,
    gridWh: sum('gridWh'),
    ownWh: sum('ownWh'),
    lines: lines.map(({ kind, label, wh, price, amount }) => ({ kind, label, wh, price, amount })),
    cost: isPriced ? sumMicro(lines.map(({ amount }) => amount)) : null,
  };
}
