import type { EnergyQuantity } from './quantity.ts';

/** Into the point or out of it: every point has both, and a row for each of their quarter hours. */
export const MAIN_FLOWS = ['import', 'export'] as const;
export type MainFlow = (typeof MAIN_FLOWS)[number];

type Direction = MainFlow;
/** Where a meter has them, for the quarter hours it counted them in. */
export type SideFlow = `${Direction}_${'l1' | 'l2' | 'l3' | 'reactive'}`;
export type Flow = MainFlow | SideFlow;

const OTHER: Record<Direction, Direction> = { import: 'export', export: 'import' };
const PHASES = ['l1', 'l2', 'l3'] as const;

const SIDE_FLOWS: readonly SideFlow[] = MAIN_FLOWS.flatMap((direction) =>
  ([...PHASES, 'reactive'] as const).map((part) => `${direction}_${part}` as const),
);
export const FLOWS: readonly Flow[] = [...MAIN_FLOWS, ...SIDE_FLOWS];

/** The counter of a flow; a point that is inverted has its directions swapped. */
export function counterOf(flow: Flow, inverted: boolean): EnergyQuantity {
  const [named, part] = flow.split('_') as [Direction, 'l1' | 'l2' | 'l3' | 'reactive' | undefined];
  const direction = inverted ? OTHER[named] : named;
  if (part === undefined) return `${direction}_active_energy_total`;
  return part === 'reactive' ? `${direction}_reactive_energy_total` : `${direction}_active_energy_${part}`;
}
