import { fromSteps } from '../../../domain/history.ts';
import type { History as ApiHistory } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { csvQuery } from '../../parts/csv.tsx';
import { sayQuantity } from '../../data/quantities.ts';

type ApiSeries = ApiHistory['meters'][number]['series'][number];

/** One line, ready to be drawn. */
export interface Line {
  /** `17:voltageL1`. */
  key: string;
  meterId: number;
  quantity: string;
  name: string;
  unit: string;
  bucketMs: number | null;
  times: number[];
  /** Before these the line is broken. */
  breaks: number[];
  values: ApiSeries['values'];
  low: ApiSeries['low'];
  high: ApiSeries['high'];
  statistics: ApiSeries['statistics'];
}

export interface History {
  zone: string;
  fromMs: number;
  toMs: number;
  lines: Line[];
}

/** About as many as a chart is wide. */
const COLUMNS = 1_000;

export interface Asked {
  series: string;
  from: string;
  to: string;
}

/** Names its meter where there are several. */
function nameOf(quantity: string, { flatName, serial }: { flatName: string; serial: string }, isAlone: boolean): string {
  return isAlone ? sayQuantity(quantity) : `${flatName || serial} · ${sayQuantity(quantity)}`;
}

export async function readHistory(asked: Asked): Promise<History> {
  const { zone, from, to, meters } = await api.readHistory({ ...asked, columns: COLUMNS });
  const isAlone = meters.length === 1;
  const lines = meters.flatMap((meter) => {
    const times = fromSteps(meter.steps);
    const { meterId, bucketMs, breaks } = meter;
    return meter.series.map((one): Line => {
      const { quantity } = one;
      return { ...one, key: `${meterId}:${quantity}`, name: nameOf(quantity, meter, isAlone), meterId, bucketMs, times, breaks };
    });
  });
  return { zone, fromMs: Date.parse(from), toMs: Date.parse(to), lines };
}

/** The same as is drawn. */
export function csvAddress({ series, from, to }: Asked): string {
  const query = new URLSearchParams({ series, from, to, columns: String(COLUMNS), format: 'csv', ...csvQuery() });
  return `/api/v1/history?${query.toString()}`;
}

/** Lines with one unit share a chart. */
export function byUnit(lines: readonly Line[]): { unit: string; lines: Line[] }[] {
  const units = [...new Set(lines.map(({ unit }) => unit))];
  return units.map((unit) => ({ unit, lines: lines.filter((line) => line.unit === unit) }));
}

/** Every moment that any of the lines has, oldest first. */
export function momentsOf(lines: readonly Line[]): number[] {
  const columns = new Set(lines.map(({ times }) => times));
  if (columns.size === 1) return [...(lines[0]?.times ?? [])];
  return [...new Set([...columns].flat())].toSorted((a, b) => a - b);
}
