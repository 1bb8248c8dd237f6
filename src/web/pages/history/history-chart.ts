import UPlot from 'uplot';
import type { Span } from '../../../domain/gap.ts';
import type { Line } from './history.ts';
import { sayDecimal, sayShortDay, sayShortMonth, sayTime } from '../../format.ts';
import { keepDrawn } from '../../parts/keep-drawn.ts';

const HEIGHT_PX = 260;
const DAY_S = 86_400;
const INKS = 8;

export interface HistoryContent extends Span {
  zone: string;
  unit: string;
  lines: readonly Line[];
  /** Between these a value should lie. */
  band: { low: number; high: number } | null;
}

export interface HistoryEvents {
  /** The moment under the pointer. */
  onPoint(ms: number | null): void;
  onZoom(zoom: Span | null): void;
}

/** The ink of a line by its number. */
export function inkName(index: number): string {
  return `--line-${(index % INKS) + 1}`;
}

type Column = (number | null | undefined)[];

/** What is drawn of a line: its values, with a hole before each break. */
function tableOf({ times, breaks, values, low, high }: Line): [number[], ...Column[]] {
  const columns = [values, ...(low && high ? [low, high] : [])];
  const xs: number[] = [];
  const drawn: Column[] = columns.map(() => []);
  let next = 0;
  for (let index = 0; index < times.length; index += 1) {
    if (breaks[next] === index) {
      next += 1;
      xs.push((times[index - 1]! + times[index]!) / 2_000);
      for (const column of drawn) column.push(null);
    }
    xs.push(times[index]! / 1_000);
    for (const [place, column] of drawn.entries()) column.push(columns[place]![index]);
  }
  return [xs, ...drawn];
}

function dataOf(lines: readonly Line[]): UPlot.AlignedData {
  const tables = lines.map(tableOf) as UPlot.AlignedData[];
  // Null stays a hole; where a line has no moment of another one, it goes on.
  return tables.length === 1
    ? tables[0]!
    : UPlot.join(
        tables,
        tables.map((table) => table.map(() => 1 as const)),
      );
}

/** Values without a neighbour to draw a line to. */
function alone(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let before = false;
  let candidate: number | null = null;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) continue;
    if (value === null) {
      if (candidate !== null) found.push(candidate);
      [before, candidate] = [false, null];
    } else {
      candidate = before ? null : index;
      before = true;
    }
  }
  if (candidate !== null) found.push(candidate);
  return found;
}

function axisTime(s: number, stepS: number, zone: string): string {
  const ms = s * 1_000;
  if (stepS >= 28 * DAY_S) return sayShortMonth(ms, zone);
  if (stepS >= DAY_S) return sayShortDay(ms, zone);
  const time = sayTime(ms, zone);
  return time === '00:00' ? sayShortDay(ms, zone) : time;
}

function drawBand({ ctx, bbox, valToPos }: UPlot, { low, high }: NonNullable<HistoryContent['band']>, ink: string): void {
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio]);
  ctx.beginPath();
  for (const limit of [low, high]) {
    const y = valToPos(limit, 'y', true);
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
  }
  ctx.stroke();
  ctx.restore();
}

function options(host: HTMLElement, content: HistoryContent, data: UPlot.AlignedData, events: HistoryEvents): UPlot.Options {
  const style = getComputedStyle(host);
  const ink = (name: string) => style.getPropertyValue(name).trim();
  const { zone, unit, lines, band, fromMs, toMs } = content;
  const axis = {
    stroke: ink('--ink-quiet'),
    font: `13px ${style.fontFamily}`,
    grid: { stroke: ink('--line'), width: 1 },
    ticks: { show: false },
  };
  const series: UPlot.Series[] = [{}];
  const bands: UPlot.Band[] = [];
  for (const [index, line] of lines.entries()) {
    const stroke = ink(inkName(index));
    const single = alone(data[series.length]!);
    series.push({ stroke, width: 1.5, spanGaps: false, points: { show: single.length > 0, size: 4, fill: stroke, filter: () => single } });
    if (line.low === null) continue;
    for (let side = 0; side < 2; side += 1) series.push({ stroke: 'transparent', width: 0, spanGaps: false, points: { show: false } });
    bands.push({ series: [series.length - 1, series.length - 2], fill: `color-mix(in srgb, ${stroke} 22%, transparent)` });
  }
  const around = (min: number, max: number): UPlot.Range.MinMax => {
    const [least, most] = band ? [Math.min(min, band.low), Math.max(max, band.high)] : [min, max];
    const room = (most - least || Math.abs(most) * 0.02 || 1) * 0.06;
    // What is never below nothing stands on the axis.
    return [least >= 0 && least <= (most - least) * 0.5 ? 0 : least - room, most + room];
  };
  return {
    width: host.clientWidth,
    height: HEIGHT_PX,
    padding: [12, 32, 0, 0],
    legend: { show: false },
    tzDate: (s) => UPlot.tzDate(new Date(s * 1_000), zone),
    scales: {
      x: { time: true, range: [fromMs / 1_000, toMs / 1_000] },
      y: { range: (_u, min, max) => (min === null || max === null ? [0, 1] : around(min, max)) },
    },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      points: { size: 7 },
      bind: { dblclick: () => () => (events.onZoom(null), null) },
    },
    hooks: {
      drawAxes: [(chart) => band && drawBand(chart, band, ink('--ink-quiet'))],
      draw: [() => performance.mark('history drawn')],
      setCursor: [(chart) => events.onPoint(chart.cursor.idx == null ? null : chart.data[0][chart.cursor.idx]! * 1_000)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width <= 0) return;
          const at = (x: number) => Math.round(chart.posToVal(x, 'x')) * 1_000;
          events.onZoom({ fromMs: Math.max(fromMs, at(left)), toMs: Math.min(toMs, Math.max(at(left + width), at(left) + 60_000)) });
        },
      ],
    },
    axes: [
      { ...axis, size: 34, space: 76, values: (_u, splits, _axis, _space, stepS) => splits.map((s) => axisTime(s, stepS, zone)) },
      { ...axis, size: 74, values: (_u, splits) => axisValues(splits, unit) },
    ],
    series,
    bands,
  };
}

/** Without more places than the steps of the axis have. */
function axisValues(splits: readonly number[], unit: string): string[] {
  const isLarge = splits.some((value) => Math.abs(value) >= 1_000);
  const counts = unit === 'Wh' || unit === 'varh';
  const isThousand = counts || (isLarge && ['W', 'var', 'VA'].includes(unit));
  const factor = isThousand ? 1_000 : 1;
  const shown = isThousand ? `k${unit}` : unit;
  const step = splits.length > 1 ? Math.abs(splits[1]! - splits[0]!) / factor : 1;
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return splits.map((value) => [sayDecimal(value / factor, digits), shown].filter((word) => word !== '').join(' '));
}

/** Draws the chart into its host and keeps it as wide and as light or dark as that; answers how to take it away. */
export function drawHistoryChart(host: HTMLElement, content: HistoryContent, events: HistoryEvents): () => void {
  performance.clearMarks('history drawn');
  performance.mark('history begun');
  const data = dataOf(content.lines);
  return keepDrawn(host, HEIGHT_PX, () => new UPlot(options(host, content, data, events), data, host));
}
