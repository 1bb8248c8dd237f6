import type { FlatKind } from './building-flow.ts';

/** The energy of a point in a time; null where nothing is known of it. */
export interface PointOfBalance {
  name: string;
  kind: FlatKind;
  importWh: number | null;
  exportWh: number | null;
  /** Quarter hours that are known. */
  slots: number;
}

export interface MissingPoint {
  name: string;
  /** Quarter hours of the time that are not known. */
  slots: number;
}

/** Why what came in differs from what was used, as far as the figures tell. */
export type BalanceVerdict = 'no-main-meter' | 'nothing-known' | 'missing' | 'even' | 'more-in' | 'more-used';

/** What came into a building against what its meters say was used, in Wh. */
export interface BuildingBalance {
  gridImportWh: number | null;
  gridExportWh: number | null;
  productionWh: number | null;
  /** Positive: a storage gave more than it took. */
  storageWh: number | null;
  flatsWh: number | null;
  commonWh: number | null;
  carsWh: number | null;
  /** What came in and stayed. */
  fedWh: number | null;
  usedWh: number | null;
  differenceWh: number | null;
  missing: MissingPoint[];
  verdict: BalanceVerdict;
}

/** What wires lose and what two meters of class B may differ by. */
const EVEN_SHARE = 0.03;
const LEAST_WH = 1_000;
/** So much of a point may be unknown before the difference says little. */
const MISSING_SHARE = 0.02;

function add(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function sum(points: readonly PointOfBalance[], kinds: readonly FlatKind[], wh: (point: PointOfBalance) => number | null): number | null {
  return points.filter(({ kind }) => kinds.includes(kind)).reduce<number | null>((total, point) => add(total, wh(point)), null);
}

const net = ({ importWh, exportWh }: PointOfBalance) => (importWh === null ? null : importWh - (exportWh ?? 0));
const given = ({ importWh, exportWh }: PointOfBalance) => (exportWh === null ? null : exportWh - (importWh ?? 0));

function verdictOf(
  { fedWh, usedWh, differenceWh, missing }: Omit<BuildingBalance, 'verdict'>,
  points: readonly PointOfBalance[],
  slots: number,
): BalanceVerdict {
  if (!points.some(({ kind }) => kind === 'grid')) return 'no-main-meter';
  if (fedWh === null || usedWh === null || differenceWh === null) return 'nothing-known';
  if (missing.some((one) => one.slots > slots * MISSING_SHARE)) return 'missing';
  if (Math.abs(differenceWh) <= Math.max(LEAST_WH, Math.abs(fedWh) * EVEN_SHARE)) return 'even';
  return differenceWh > 0 ? 'more-in' : 'more-used';
}

/** `slots` is how many quarter hours of the time are over. */
export function buildingBalance(points: readonly PointOfBalance[], slots: number): BuildingBalance {
  const gridImportWh = sum(points, ['grid'], ({ importWh }) => importWh);
  const gridExportWh = sum(points, ['grid'], ({ exportWh }) => exportWh);
  const productionWh = sum(points, ['producer'], given);
  const storageWh = sum(points, ['storage'], given);
  const flatsWh = sum(points, ['consumer'], net);
  const commonWh = sum(points, ['common'], net);
  const carsWh = sum(points, ['ev'], net);
  const fedWh = gridImportWh === null ? null : gridImportWh - (gridExportWh ?? 0) + (productionWh ?? 0) + (storageWh ?? 0);
  const usedWh = add(add(flatsWh, commonWh), carsWh);
  const balance = {
    ...{ gridImportWh, gridExportWh, productionWh, storageWh, flatsWh, commonWh, carsWh, fedWh, usedWh },
    differenceWh: fedWh === null || usedWh === null ? null : fedWh - usedWh,
    missing: points.filter((point) => point.slots < slots).map((point) => ({ name: point.name, slots: slots - point.slots })),
  };
  return { ...balance, verdict: verdictOf(balance, points, slots) };
}
