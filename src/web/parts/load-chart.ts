import UPlot from 'uplot';
import type { Profile } from '../data/profile.ts';
import { sayPower, sayTime } from '../format.ts';
import { words } from '../words.ts';

const QUARTER_HOUR_S = 15 * 60;
const HEIGHT_PX = 280;

// Every zone is a whole number of quarter hours away from UTC.
function slotStart(s: number): number {
  return Math.floor(s / QUARTER_HOUR_S) * QUARTER_HOUR_S;
}

export interface ChartText {
  showProduction: boolean;
}

function inks(host: HTMLElement) {
  const style = getComputedStyle(host);
  const ink = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    consumption: ink('consumption'),
    consumptionSoft: ink('consumption-soft'),
    production: ink('production'),
    productionSoft: ink('production-soft'),
    quiet: ink('ink-quiet'),
    line: ink('line'),
    font: `13px ${style.fontFamily}`,
  };
}

// Whole numbers where the steps of the axis are whole.
function axisPower(powerW: number): string {
  return powerW === 0 ? '0' : `${powerW / 1_000} kW`;
}

function options(host: HTMLElement, { zone, slots }: Profile, { showProduction }: ChartText): UPlot.Options {
  const ink = inks(host);
  const startS = (slots[0]?.atMs ?? 0) / 1_000;
  const endS = (slots.at(-1)?.atMs ?? 0) / 1_000 + QUARTER_HOUR_S;
  const axis = { stroke: ink.quiet, font: ink.font, grid: { stroke: ink.line, width: 1 }, ticks: { show: false } };
  const newest = 2 * slots.findLastIndex(({ consumptionW, productionW }) => consumptionW !== null || productionW !== null);
  const value = (_: UPlot, powerW: number | null) => (powerW === null ? '–' : sayPower(powerW));
  const line = { width: 2, points: { show: false }, spanGaps: false, value };
  return {
    width: host.clientWidth,
    height: HEIGHT_PX,
    padding: [12, 24, 0, 0],
    tzDate: (s) => UPlot.tzDate(new Date(s * 1_000), zone),
    scales: {
      x: { time: true, range: [startS, endS] },
      y: { range: (_u, _min, max) => [0, Math.max(max ?? 0, 100) * 1.1] },
    },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    // Without a pointer the legend tells the newest quarter hour.
    hooks: {
      ready: [(u) => u.setLegend({ idx: newest })],
      setCursor: [(u) => u.cursor.idx == null && u.setLegend({ idx: newest })],
    },
    axes: [
      { ...axis, size: 34, values: (_u, splits) => splits.map((s) => sayTime(s * 1_000, zone)), space: 64 },
      { ...axis, size: 62, values: (_u, splits) => splits.map(axisPower) },
    ],
    series: [
      { label: words.profile.time, value: (_u, s) => (s == null ? '–' : sayTime(slotStart(s) * 1_000, zone)) },
      { ...line, label: words.profile.consumption, stroke: ink.consumption, fill: ink.consumptionSoft },
      ...(showProduction ? [{ ...line, label: words.profile.production, stroke: ink.production, fill: ink.productionSoft }] : []),
    ],
  };
}

// Two points make a quarter hour level from its beginning to its end; a gap is as wide as what is missing.
function columns({ slots }: Profile, { showProduction }: ChartText): UPlot.AlignedData {
  const xs = slots.flatMap(({ atMs }) => [atMs / 1_000, atMs / 1_000 + QUARTER_HOUR_S - 1]);
  const ys = (of: 'consumptionW' | 'productionW') => slots.flatMap((slot) => [slot[of], slot[of]]);
  return showProduction ? [xs, ys('consumptionW'), ys('productionW')] : [xs, ys('consumptionW')];
}

/** Draws the chart into its host and keeps it as wide and as light or dark as that; answers how to take it away. */
export function drawLoadChart(host: HTMLElement, profile: Profile, text: ChartText): () => void {
  let chart = new UPlot(options(host, profile, text), columns(profile, text), host);
  const redraw = () => {
    chart.destroy();
    chart = new UPlot(options(host, profile, text), columns(profile, text), host);
  };
  const size = new ResizeObserver(() => {
    if (host.clientWidth !== chart.width) chart.setSize({ width: host.clientWidth, height: HEIGHT_PX });
  });
  size.observe(host);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', redraw);
  return () => {
    dark.removeEventListener('change', redraw);
    size.disconnect();
    chart.destroy();
  };
}
