import { useEffect, useRef, useState } from 'preact/hooks';
import { limitWhOf, type Costs, type Usage } from './usage.ts';
import { sayEnergy, sayKwh } from '../../format.ts';
import { words } from '../../words.ts';
import { Bar, Before, centreOf, Gap, Lines, stepPx, yOf, type Frame } from './usage-bars.tsx';
import { sayBefore, sayPart, sayPlace } from './usage-words.ts';

const { usage: text } = words;

const HEIGHT_PX = 290;
const MARGIN = { left: 46, top: 14, right: 6, bottom: 26 };
const LABEL_PX = 46;

/** Steps people count in: 1, 2 or 5 of some power of ten. */
function stepKwh(maxKwh: number): number {
  const rough = maxKwh / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
}

function frameOf({ items }: Usage, widthPx: number, limitWh: number | null): { frame: Frame; step: number } {
  const highest = Math.max(...items.map(({ wh, beforeWh }) => Math.max(wh ?? 0, beforeWh ?? 0)), 100);
  // A limit far above what is used would flatten it.
  const shown = limitWh !== null && limitWh < highest * 2 ? Math.max(highest, limitWh * 1.05) : highest;
  const step = stepKwh(shown / 1_000);
  const maxWh = Math.ceil(shown / 1_000 / step - 1e-9) * step * 1_000;
  const width = Math.max(0, widthPx - MARGIN.left - MARGIN.right);
  return {
    frame: { left: MARGIN.left, top: MARGIN.top, width, height: HEIGHT_PX - MARGIN.top - MARGIN.bottom, count: items.length, maxWh },
    step,
  };
}

function Axes({ usage, frame, step }: { usage: Usage; frame: Frame; step: number }) {
  const ticks = Array.from({ length: Math.round(frame.maxWh / 1_000 / step) + 1 }, (_, i) => i * step);
  const every = [1, 2, 3, 4, 6, 8, 12].find((count) => count * stepPx(frame) >= (usage.view === 'month' ? 26 : LABEL_PX)) ?? 12;
  return (
    <g class="axes">
      {ticks.map((kwh) => (
        <g key={kwh}>
          <line x1={frame.left} x2={frame.left + frame.width} y1={yOf(frame, kwh * 1_000)} y2={yOf(frame, kwh * 1_000)} />
          <text class="y" x={frame.left - 8} y={yOf(frame, kwh * 1_000) + 4}>
            {sayKwh(kwh, step)}
          </text>
        </g>
      ))}
      {usage.items.map(({ from }, i) =>
        i % every === 0 ? (
          <text key={from} class="x" x={centreOf(frame, i)} y={HEIGHT_PX - 6}>
            {sayPlace(Date.parse(from), usage)}
          </text>
        ) : null,
      )}
    </g>
  );
}

/** The part under the pointer, or else the newest one. */
function Readout({ usage, costs, index }: { usage: Usage; costs: Costs; index: number | null }) {
  const newest = usage.items.findLastIndex(({ wh }) => wh !== null);
  const item = usage.items[index ?? newest];
  if (!item) return <p class="readout" />;
  const own = costs.parts.get(Date.parse(item.from))?.ownWh ?? null;
  return (
    <p class="readout" data-part={item.from}>
      <span>{sayPart(item, usage)}</span>
      <span class="consumption">
        {usage.kind === 'producer' ? text.made : text.used} <strong>{item.wh === null ? '–' : sayEnergy(item.wh)}</strong>
      </span>
      {own !== null && own > 0 && (
        <span class="production">
          {text.ownPart} <strong>{sayEnergy(own)}</strong>
        </span>
      )}
      {item.beforeWh !== null && (
        <span>
          {text.earlier} <strong>{sayEnergy(item.beforeWh)}</strong>
        </span>
      )}
      {item.hoursOver > 0 && <span class="over">{usage.view === 'day' ? text.overOne : text.over(item.hoursOver)}</span>}
      {item.state !== 'measured' && text.states[item.state] !== '' && <span>{text.states[item.state]}</span>}
    </p>
  );
}

function Marks({ usage, costs, lines }: { usage: Usage; costs: Costs; lines: boolean }) {
  const { items } = usage;
  const has = (state: string) => items.some((item) => item.state === state);
  const marks = [
    ...(!lines && (costs.ownWh ?? 0) > 0
      ? [
          ['grid', text.grid],
          ['own', text.ownPart],
        ]
      : []),
    ...(items.some(({ beforeWh }) => beforeWh !== null) ? [['before', `${text.earlier}: ${sayBefore(usage)}`]] : []),
    ...(items.some(({ hoursOver }) => hoursOver > 0) ? [['over', text.overOne]] : []),
    ...(['estimated', 'running'] as const).flatMap((state) => (has(state) ? [[state, text.states[state]]] : [])),
    ...(has('missing') || has('incomplete') ? [['missing', text.states.incomplete]] : []),
  ];
  if (marks.length === 0) return null;
  return (
    <ul class="usage-marks">
      {marks.map(([kind, label]) => (
        <li key={kind} class={kind}>
          {label}
        </li>
      ))}
    </ul>
  );
}

interface UsageChartProps {
  usage: Usage;
  costs: Costs;
  lines: boolean;
  title: string;
  /** A closer look at a day or month. */
  onPick?(fromMs: number): void;
}

function useWidth() {
  const host = useRef<HTMLDivElement>(null);
  const [widthPx, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    setWidth(element.clientWidth);
    return () => watch.disconnect();
  }, []);
  return { host, widthPx };
}

function summaryOf(usage: Usage): string {
  const peak = usage.items.reduce<Usage['items'][number] | null>((best, item) => ((item.wh ?? -1) > (best?.wh ?? 0) ? item : best), null);
  return usage.wh === null || peak?.wh == null ? '' : text.summary(sayEnergy(usage.wh), sayEnergy(peak.wh), sayPart(peak, usage));
}

/** A gap stays a gap, and what nobody measured looks different. */
export function UsageChart({ usage, costs, lines, title, onPick }: UsageChartProps) {
  const { host, widthPx } = useWidth();
  const [index, setIndex] = useState<number | null>(null);
  const limitWh = limitWhOf(usage);
  const { frame, step } = frameOf(usage, widthPx, limitWh);
  const indexAt = (event: PointerEvent | MouseEvent): number | null => {
    const x = event.clientX - (host.current?.getBoundingClientRect().left ?? 0) - frame.left;
    const at = Math.floor(x / stepPx(frame));
    return at >= 0 && at < frame.count ? at : null;
  };
  const pick = (event: MouseEvent) => {
    const item = usage.items[indexAt(event) ?? -1];
    if (item && item.state !== 'ahead' && item.state !== 'outside') onPick?.(Date.parse(item.from));
  };
  const limitY = limitWh !== null && limitWh <= frame.maxWh ? yOf(frame, limitWh) : null;
  return (
    <>
      <div
        class={onPick ? 'usage-chart picks' : 'usage-chart'}
        ref={host}
        role="img"
        aria-label={`${title}. ${text.unit[usage.view]}. ${summaryOf(usage)}`}
        onPointerMove={(event) => setIndex(indexAt(event))}
        onPointerLeave={() => setIndex(null)}
        onClick={pick}
      >
        {widthPx > 0 && (
          <svg width={widthPx} height={HEIGHT_PX} aria-hidden="true">
            <defs>
              <pattern id="gap-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line class="hatch" x1="0" y1="0" x2="0" y2="8" />
              </pattern>
            </defs>
            <Axes usage={usage} frame={frame} step={step} />
            {index !== null && (
              <rect class="under" x={frame.left + index * stepPx(frame)} y={frame.top} width={stepPx(frame)} height={frame.height} />
            )}
            {usage.items.map((item, i) => (
              <Gap key={item.from} item={item} index={i} frame={frame} />
            ))}
            {lines ? (
              <Lines items={usage.items} frame={frame} />
            ) : (
              usage.items.map((item, i) => (
                <g key={item.from}>
                  <Bar item={item} cost={costs.parts.get(Date.parse(item.from))} index={i} frame={frame} limitWh={limitWh} />
                  <Before item={item} index={i} frame={frame} />
                </g>
              ))
            )}
            {limitY !== null && limitWh !== null && (
              <g class="limit">
                <line x1={frame.left} x2={frame.left + frame.width} y1={limitY} y2={limitY} />
                <text x={frame.left + 4} y={limitY - 6}>
                  {text.limit(sayEnergy(limitWh))}
                </text>
              </g>
            )}
          </svg>
        )}
      </div>
      <Readout usage={usage} costs={costs} index={index} />
      <Marks usage={usage} costs={costs} lines={lines} />
    </>
  );
}
