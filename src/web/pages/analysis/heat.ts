import { addToDay, dayStart, localDay, localTime } from '../../../domain/time-bucket.ts';
import type { HeatDays, HeatFlow } from './analysis-view.ts';
import { api } from '../../data/api.ts';
import type { Building } from '../../data/building.ts';

/** An hour of a day; two hours of one name, when the clocks go back, are one cell. */
export interface HeatCell {
  day: number;
  hour: number;
  /** Mean power; null: nothing is known, or a meter is missing. */
  powerW: number | null;
}

export interface Heat {
  days: string[];
  cells: HeatCell[];
  /** Of the hours that are known. */
  greatest: { powerW: number; atMs: number } | null;
}

const HOUR_MS = 3_600_000;

export async function readHeat(
  { id: buildingId, zone }: Building,
  { heatDays, heatFlow }: { heatDays: HeatDays; heatFlow: HeatFlow },
  nowMs: number,
): Promise<Heat> {
  const today = localDay(nowMs, zone);
  const first = addToDay(today, { days: 1 - heatDays });
  const end = addToDay(today, { days: 1 });
  const { items } = await api.readLoadProfile({ buildingId, from: first, to: end, bucket: 'hour' });
  const days = Array.from({ length: heatDays }, (_, i) => addToDay(first, { days: i }));
  const place = new Map(days.map((day, i) => [day, i]));
  const found = new Map<string, { day: number; hour: number; wh: number | null; lengthMs: number }>();
  let greatest: Heat['greatest'] = null;
  items.forEach((item, i) => {
    const atMs = Date.parse(item.slot);
    const next = items[i + 1];
    const toMs = next === undefined ? dayStart(end, zone) : Date.parse(next.slot);
    if (toMs > nowMs) return;
    const { day, minute } = localTime(atMs, zone);
    const hour = Math.floor(minute / 60);
    const wh = heatFlow === 'consumption' ? item.consumptionWh : item.productionWh;
    const key = `${day} ${hour}`;
    const before = found.get(key);
    found.set(key, {
      ...{ day: place.get(day) ?? 0, hour },
      wh: wh === null || before?.wh === null ? null : (before?.wh ?? 0) + wh,
      lengthMs: (before?.lengthMs ?? 0) + toMs - atMs,
    });
    const powerW = wh === null ? null : (wh * HOUR_MS) / (toMs - atMs);
    if (powerW !== null && powerW > (greatest?.powerW ?? -1)) greatest = { powerW, atMs };
  });
  const cells = [...found.values()].map(({ day, hour, wh, lengthMs }) => ({
    ...{ day, hour },
    powerW: wh === null ? null : (wh * HOUR_MS) / lengthMs,
  }));
  return { days, cells, greatest };
}
