import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Span } from '../../../domain/gap.ts';
import { byUnit, type History, type Line } from './history.ts';
import { saySlot, sayCount, sayLength, sayValue } from '../../format.ts';
import { words } from '../../words.ts';
import { drawHistoryChart, inkName } from './history-chart.ts';

const { history: text } = words;

/** The place of the last moment that is not later. */
function placeAt(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What a line says at a moment: nothing within a gap. */
function valueAt({ times, breaks, values, bucketMs }: Line, ms: number): number | null {
  const place = placeAt(times, ms);
  if (place < 0 || times[place]! === ms) return values[place] ?? null;
  if (bucketMs !== null) return ms < times[place]! + bucketMs ? (values[place] ?? null) : null;
  return breaks.includes(place + 1) || place === times.length - 1 ? null : (values[place] ?? null);
}

/** The values under the pointer, or else the newest ones. */
function Readout({ lines, zone, ms }: { lines: readonly Line[]; zone: string; ms: number | null }) {
  const newestMs = Math.max(...lines.flatMap(({ times }) => times.at(-1) ?? []));
  const atMs = ms ?? newestMs;
  if (!Number.isFinite(atMs)) return <p class="readout" />;
  return (
    <p class="readout">
      <span>{saySlot(atMs, zone, 'both')}</span>
      {lines.map((line, index) => {
        const value = valueAt(line, atMs);
        return (
          <span key={line.key} class="line-ink" style={{ '--tone': `var(${inkName(index)})` }}>
            {line.name} <strong>{value === null ? '–' : sayValue(value, line.unit)}</strong>
          </span>
        );
      })}
    </p>
  );
}

function summaryOf(lines: readonly Line[], zone: string): string {
  return lines
    .map(({ name, unit, statistics }) =>
      statistics === null
        ? `${name}: ${text.emptySeries}`
        : `${name}: ${text.min} ${sayValue(statistics.min.value, unit)}, ${text.mean} ${sayValue(statistics.mean, unit)}, ${text.max} ${sayValue(statistics.max.value, unit)} (${saySlot(Date.parse(statistics.max.at), zone, 'both')})`,
    )
    .join('. ');
}

interface ChartProps extends Span {
  lines: readonly Line[];
  unit: string;
  zone: string;
  band: { low: number; high: number } | null;
  title: string;
  onZoom(zoom: Span | null): void;
}

function Chart({ title, lines, unit, zone, band, fromMs, toMs, onZoom }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const zooming = useRef(onZoom);
  zooming.current = onZoom;
  const [ms, setMs] = useState<number | null>(null);
  useEffect(
    () =>
      host.current === null
        ? undefined
        : drawHistoryChart(
            host.current,
            { lines, unit, zone, band, fromMs, toMs },
            { onPoint: setMs, onZoom: (zoom) => zooming.current(zoom) },
          ),
    [lines, unit, zone, fromMs, toMs],
  );
  return (
    <figure class="history-chart">
      <figcaption>{title}</figcaption>
      <div class="chart" ref={host} role="img" aria-label={`${title}. ${summaryOf(lines, zone)}.`} />
      <Readout lines={lines} zone={zone} ms={ms} />
    </figure>
  );
}

/** How what is drawn came to be. */
function Resolution({ lines }: { lines: readonly Line[] }) {
  const lengths = [...new Set(lines.flatMap(({ bucketMs }) => bucketMs ?? []))].toSorted((a, b) => a - b);
  const count = lines.reduce((sum, { statistics }) => sum + (statistics?.count ?? 0), 0);
  const isMixed = lines.some(({ bucketMs, statistics }) => bucketMs === null && statistics !== null);
  const length = lengths.map(sayLength).join(', ');
  const how = lengths.length === 0 ? text.every : isMixed ? text.mixed(length) : text.bucket(length);
  return (
    <p class="quiet-text">
      {text.readings(sayCount(count))}. {how}. {text.zoomHint}
    </p>
  );
}

interface HistoryChartsProps {
  history: History;
  /** By unit, where values should lie. */
  bandOf?(unit: string): { low: number; high: number } | null;
  titleOf?(unit: string): string;
  /** Two beside each other where there is room. */
  inPairs?: boolean;
  onZoom(zoom: Span | null): void;
}

/** A chart for each unit. */
export function HistoryCharts({ history, bandOf = () => null, titleOf = titleOfUnit, inPairs = false, onZoom }: HistoryChartsProps) {
  const charts = useMemo(() => byUnit(history.lines.filter(({ statistics }) => statistics !== null)), [history]);
  const { zone, fromMs, toMs } = history;
  return (
    <>
      <div class={inPairs ? 'charts pairs' : 'charts'}>
        {charts.map(({ unit, lines }) => (
          <Chart key={unit} {...{ lines, unit, zone, fromMs, toMs, onZoom }} band={bandOf(unit)} title={titleOf(unit)} />
        ))}
      </div>
      <Resolution lines={history.lines} />
    </>
  );
}

function titleOfUnit(unit: string): string {
  return unit === '' ? text.chartPlain : text.chart(unit);
}
