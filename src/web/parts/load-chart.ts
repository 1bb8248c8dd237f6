import UPlot from 'uplot';
import type { Span } from '../../domain/gap.ts';
import { powerW, type Profile, type ProfileFlow, type SlotState } from '../data/profile.ts';
import { sayShortDay, sayShortMonth, sayTime } from '../format.ts';
import { hatch } from './hatch.ts';
import { keepDrawn } from './keep-drawn.ts';

const HEIGHT_PX = 280;
const DAY_S = 86_400;

export interface ChartContent {
  profile: Profile;
  /** What was used then in an earlier time, slot by slot. */
  ghost: readonly (number | null)[] | null;
  showProduction: boolean;
  /** The part that is seen; the whole without it. */
  zoom: Span | null;
}

export interface ChartEvents {
  /** The slot under the pointer. */
  onPoint(index: number | null): void;
  onZoom(zoom: Span | null): void;
}

function inks(host: HTMLElement) {
  const style = getComputedStyle(host);
  const ink = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    consumption: { stroke: ink('consumption'), fill: ink('consumption-soft') },
    production: { stroke: ink('production'), fill: ink('production-soft') },
    quiet: ink('ink-quiet'),
    line: ink('line'),
    gap: ink('gap-ink'),
    font: `13px ${style.fontFamily}`,
  };
}

// Whole numbers where the steps of the axis are whole.
function axisPower(power: number): string {
  return power === 0 ? '0' : `${power / 1_000} kW`;
}

/** A day at its beginning, the time within it. */
function axisTime(s: number, stepS: number, { zone, bucket }: Profile): string {
  const ms = s * 1_000;
  if (stepS >= 28 * DAY_S) return sayShortMonth(ms, zone);
  if (stepS >= DAY_S || bucket === 'day') return sayShortDay(ms, zone);
  const time = sayTime(ms, zone);
  return bucket !== 'quarter' && time === '00:00' ? sayShortDay(ms, zone) : time;
}

// Of a line, and how it says how well it is known.
const LINES: readonly { states: readonly SlotState[]; dash?: number[]; isFilled: boolean }[] = [
  { states: ['measured'], isFilled: true },
  { states: ['estimated'], dash: [7, 5], isFilled: true },
  { states: ['incomplete'], dash: [2, 3], isFilled: false },
];

// Two points make a slot level from its beginning to its end; a gap is as wide as what is missing.
function levels({ slots }: Profile, of: ProfileFlow, states: readonly SlotState[]): (number | null)[] {
  const isHere = slots.map(({ state }) => states.includes(state));
  const ys = slots.flatMap((slot, i) => {
    const power = isHere[i] ? powerW(slot, of) : null;
    return [power, power];
  });
  if (states.includes('measured')) return ys;
  // The step to a neighbour that is better known belongs to the line that is less known.
  slots.forEach((slot, i) => {
    if (isHere[i] || slot.state === 'ahead') return;
    if (isHere[i + 1]) ys[2 * i + 1] = powerW(slot, of);
    if (isHere[i - 1]) ys[2 * i] = powerW(slot, of);
  });
  return ys;
}

function columns({ profile, ghost, showProduction }: ChartContent): UPlot.AlignedData {
  const xs = profile.slots.flatMap(({ atMs, toMs }) => [atMs / 1_000, toMs / 1_000 - 1]);
  const lines = (of: ProfileFlow) => LINES.map(({ states }) => levels(profile, of, states));
  return [
    xs,
    ...(ghost ? [ghost.flatMap((power) => [power, power])] : []),
    ...lines('consumptionWh'),
    ...(showProduction ? lines('productionWh') : []),
  ];
}

/** From the beginning of the first slot to the end of the last that a selection touches. */
function slotsWithin({ slots }: Profile, fromS: number, toS: number): Span | null {
  const touched = slots.filter(({ atMs, toMs }) => toMs > fromS * 1_000 && atMs < toS * 1_000);
  const [first] = touched;
  return first ? { fromMs: first.atMs, toMs: touched.at(-1)!.toMs } : null;
}

function drawGaps(chart: UPlot, { slots }: Profile, ink: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = hatch(ctx, ink);
  for (const { atMs, toMs, state } of slots) {
    if (state !== 'missing') continue;
    const left = chart.valToPos(atMs / 1_000, 'x', true);
    ctx.fillRect(left, bbox.top, chart.valToPos(toMs / 1_000, 'x', true) - left, bbox.height);
  }
  ctx.restore();
}

function options(host: HTMLElement, { profile, ghost, showProduction, zoom }: ChartContent, events: ChartEvents): UPlot.Options {
  const ink = inks(host);
  const { zone, slots } = profile;
  const startS = (zoom?.fromMs ?? slots[0]?.atMs ?? 0) / 1_000;
  const endS = (zoom?.toMs ?? slots.at(-1)?.toMs ?? 0) / 1_000;
  const axis = { stroke: ink.quiet, font: ink.font, grid: { stroke: ink.line, width: 1 }, ticks: { show: false } };
  const lines = ({ stroke, fill }: { stroke: string; fill: string }): UPlot.Series[] =>
    LINES.map(({ dash, isFilled }) => ({
      ...{ width: 2, points: { show: false }, spanGaps: false, stroke },
      ...(dash && { dash }),
      ...(isFilled && { fill }),
    }));
  return {
    width: host.clientWidth,
    height: HEIGHT_PX,
    padding: [12, 24, 0, 0],
    legend: { show: false },
    tzDate: (s) => UPlot.tzDate(new Date(s * 1_000), zone),
    scales: {
      x: { time: true, range: [startS, endS] },
      y: { range: (_u, _min, max) => [0, Math.max(max ?? 0, 100) * 1.1] },
    },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      points: { size: 8 },
      bind: { dblclick: () => () => (events.onZoom(null), null) },
    },
    hooks: {
      drawAxes: [(chart) => drawGaps(chart, profile, ink.gap)],
      setCursor: [({ cursor }) => events.onPoint(cursor.idx == null ? null : Math.floor(cursor.idx / 2))],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width > 0) events.onZoom(slotsWithin(profile, chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')));
        },
      ],
    },
    axes: [
      { ...axis, size: 34, values: (_u, splits, _axis, _space, stepS) => splits.map((s) => axisTime(s, stepS, profile)), space: 70 },
      { ...axis, size: 62, values: (_u, splits) => splits.map(axisPower) },
    ],
    series: [
      {},
      ...(ghost ? [{ width: 1.5, points: { show: false }, spanGaps: false, stroke: ink.quiet }] : []),
      ...lines(ink.consumption),
      ...(showProduction ? lines(ink.production) : []),
    ],
  };
}

/** Draws the chart into its host and keeps it as wide and as light or dark as that; answers how to take it away. */
export function drawLoadChart(host: HTMLElement, content: ChartContent, events: ChartEvents): () => void {
  const data = columns(content);
  return keepDrawn(host, HEIGHT_PX, () => new UPlot(options(host, content, events), data, host));
}
