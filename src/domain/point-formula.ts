import type { FlatKind } from './building-flow.ts';
import { MAIN_FLOWS, type MainFlow } from './energy-flow.ts';
import { worst, type Quality } from './quality.ts';
import type { SettledSlot } from './settle.ts';

export type Sign = 'plus' | 'minus';

/** What a point without a meter is made of: the net energies of other points, added and taken away. */
export interface Term {
  partId: number;
  sign: Sign;
  /** It counts with what it gives, not with what it takes. */
  gives: boolean;
}

/** What feeds the building from inside counts with what it gives: `grid + PV - flats` means what it says. */
export function givesEnergy(kind: FlatKind): boolean {
  return kind === 'producer' || kind === 'storage';
}

export interface PartSlot extends Pick<SettledSlot, 'slotMs' | 'wh' | 'quality'> {
  pointId: number;
  flow: MainFlow;
}

interface Net {
  wh: number;
  quality: Quality;
  unknown: boolean;
  parts: Set<number>;
}

/**
 * The quarter hours of a point by formula, of all in which any of its parts has one. The net of them is import where it
 * is positive and export where it is negative, the other way round for a point that gives. The worst quality wins, and what one part does not know nobody knows; a
 * direction that the meter of a part does not count is nothing.
 */
export function evaluateFormula(
  { terms, gives }: { terms: readonly Term[]; gives: boolean },
  slots: readonly PartSlot[],
): Record<MainFlow, SettledSlot[]> {
  // Of a point that gives itself a positive sum is what it gives.
  const signs = new Map(terms.map((term) => [term.partId, (term.sign === 'plus' ? 1 : -1) * (term.gives === gives ? 1 : -1)]));
  const nets = new Map<number, Net>();
  for (const { pointId, flow, slotMs, wh, quality } of slots) {
    const sign = signs.get(pointId);
    if (sign === undefined) continue;
    const net = nets.get(slotMs) ?? { wh: 0, quality: 'measured', unknown: false, parts: new Set() };
    nets.set(slotMs, net);
    net.parts.add(pointId);
    net.quality = worst(net.quality, quality);
    if (wh === null) net.unknown = true;
    else net.wh += sign * (flow === 'import' ? wh : -wh);
  }
  const result: Record<MainFlow, SettledSlot[]> = { import: [], export: [] };
  for (const [slotMs, { wh, quality, unknown, parts }] of [...nets].toSorted(([a], [b]) => a - b)) {
    const lacks = parts.size < signs.size;
    const whole = lacks ? worst(quality, 'missing') : quality;
    const isKnown = !unknown && !lacks;
    // Adding 0 turns -0 into 0.
    const energy = { import: Math.max(0, wh) + 0, export: Math.max(0, -wh) + 0 };
    for (const flow of MAIN_FLOWS) {
      result[flow].push({ slotMs, wh: isKnown ? energy[flow] : null, quality: whole, method: isKnown ? 'formula' : 'none' });
    }
  }
  return result;
}

/** The way from a point back to itself over the parts of formulas, both ends included; null when there is none. */
export function cycleFrom(pointId: number, partsOf: ReadonlyMap<number, readonly number[]>): number[] | null {
  const seen = new Set<number>();
  const search = (at: number): number[] | null => {
    for (const part of partsOf.get(at) ?? []) {
      if (part === pointId) return [at, part];
      if (seen.has(part)) continue;
      seen.add(part);
      const rest = search(part);
      if (rest !== null) return [at, ...rest];
    }
    return null;
  };
  return search(pointId);
}
