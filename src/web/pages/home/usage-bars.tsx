import type { PartCost, UsageItem } from './usage.ts';

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  count: number;
  maxWh: number;
}

export function stepPx({ width, count }: Frame): number {
  return width / Math.max(1, count);
}

export function yOf({ top, height, maxWh }: Frame, wh: number): number {
  return top + height - (wh / maxWh) * height;
}

export function centreOf(frame: Frame, index: number): number {
  return frame.left + (index + 0.5) * stepPx(frame);
}

interface BarProps {
  item: UsageItem;
  cost: PartCost | undefined;
  index: number;
  frame: Frame;
  limitWh: number | null;
}

/** What came from the building below, what came from the grid above it; what is over the limit stands out. */
export function Bar({ item, cost, index, frame, limitWh }: BarProps) {
  const widthPx = Math.max(2, stepPx(frame) * 0.7);
  const x = centreOf(frame, index) - widthPx / 2;
  const floor = frame.top + frame.height;
  if (item.wh === null) return null;
  const own = Math.min(item.wh, cost?.ownWh ?? 0);
  const rect = (fromWh: number, toWh: number, kind: string) => {
    const [top, bottom] = [yOf(frame, toWh), yOf(frame, fromWh)];
    return toWh > fromWh && <rect class={kind} x={x} y={top} width={widthPx} height={Math.max(1, bottom - top)} />;
  };
  const over = item.hoursOver > 0 && limitWh !== null;
  return (
    <g class={`bar ${item.state}`}>
      {rect(0, own, 'own')}
      {rect(own, item.wh, 'grid')}
      {over && rect(limitWh, item.wh, 'over')}
      {item.state !== 'measured' && (
        <rect class="rim" x={x} y={yOf(frame, item.wh)} width={widthPx} height={Math.max(1, floor - yOf(frame, item.wh))} />
      )}
      {item.hoursOver > 0 && limitWh === null && <circle class="mark" cx={x + widthPx / 2} cy={yOf(frame, item.wh) - 7} r={3.5} />}
    </g>
  );
}

/** What was used at the same place of the time before. */
export function Before({ item, index, frame }: Pick<BarProps, 'item' | 'index' | 'frame'>) {
  if (item.beforeWh === null) return null;
  const half = stepPx(frame) * 0.45;
  const y = yOf(frame, item.beforeWh);
  return <line class="before" x1={centreOf(frame, index) - half} x2={centreOf(frame, index) + half} y1={y} y2={y} />;
}

/** Where something is missing: hatched from floor to ceiling where nothing is known, above the bar where a part is. */
export function Gap({ item, index, frame }: Pick<BarProps, 'item' | 'index' | 'frame'>) {
  if (item.state !== 'missing' && item.state !== 'incomplete') return null;
  const bottom = item.wh === null ? frame.top + frame.height : yOf(frame, item.wh);
  return (
    <rect class="gap" x={frame.left + index * stepPx(frame)} y={frame.top} width={stepPx(frame)} height={Math.max(0, bottom - frame.top)} />
  );
}

/** A line is broken where nothing is known. */
export function Lines({ items, frame }: { items: readonly UsageItem[]; frame: Frame }) {
  const path = (of: 'wh' | 'beforeWh') =>
    items
      .map((item, i) => {
        const wh = item[of];
        if (wh === null) return '';
        const isFirst = i === 0 || items[i - 1]![of] === null;
        return `${isFirst ? 'M' : 'L'}${centreOf(frame, i).toFixed(1)} ${yOf(frame, wh).toFixed(1)}`;
      })
      .join('');
  return (
    <>
      <path class="line-before" d={path('beforeWh')} />
      <path class="line-used" d={path('wh')} />
      {items.map((item, i) =>
        item.wh === null ? null : (
          <circle
            key={item.from}
            class={`dot ${item.hoursOver > 0 ? 'over' : item.state}`}
            cx={centreOf(frame, i)}
            cy={yOf(frame, item.wh)}
            r={3.5}
          />
        ),
      )}
    </>
  );
}
