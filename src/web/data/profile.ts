import type { Bucket } from '../../domain/energy-bucket.ts';
import type { Quality } from '../../domain/quality.ts';
import { addToDay, dayStart, localTime } from '../../domain/time-bucket.ts';
import { api } from './api.ts';
import { bucketOf, type DayRange } from './range.ts';

/** Incomplete: a meter is not in the sum. Ahead: not over yet, or only just. */
export type SlotState = 'measured' | 'estimated' | 'incomplete' | 'missing' | 'ahead';

/** A quarter hour, hour or day; null: nothing is known. */
export interface ProfileSlot {
  atMs: number;
  toMs: number;
  consumptionWh: number | null;
  productionWh: number | null;
  state: SlotState;
}

export type ProfileBucket = Extract<Bucket, 'quarter' | 'hour' | 'day'>;
export type ProfileFlow = 'consumptionWh' | 'productionWh';

export interface Profile {
  zone: string;
  bucket: ProfileBucket;
  slots: ProfileSlot[];
}

const HOUR_MS = 3_600_000;
// The last readings of a slot come in a moment after it ended.
const SETTLING_MS = 5 * 60_000;

export function powerW(slot: ProfileSlot, of: ProfileFlow): number | null {
  const wh = slot[of];
  return wh === null ? null : (wh * HOUR_MS) / (slot.toMs - slot.atMs);
}

/** An hour or a day fills while it runs: its power is known once it is over. */
export function stateOf(
  { toMs, consumptionWh, productionWh, quality }: Omit<ProfileSlot, 'state'> & { quality: Quality | null },
  { nowMs, bucket }: { nowMs: number; bucket: ProfileBucket },
): SlotState {
  const isKnown = consumptionWh !== null || productionWh !== null;
  if (toMs > nowMs || (toMs > nowMs - SETTLING_MS && (bucket !== 'quarter' || !isKnown))) return 'ahead';
  if (!isKnown) return 'missing';
  if (quality === 'estimated') return 'estimated';
  return quality === 'missing' || quality === 'refused' ? 'incomplete' : 'measured';
}

export async function readBuildingProfile(
  { buildingId, zone }: { buildingId: number; zone: string },
  days: DayRange,
  nowMs: number,
): Promise<Profile> {
  const bucket = bucketOf(days);
  const { items } = await api.readLoadProfile({ buildingId, from: days.firstDay, to: days.endDay, bucket });
  const starts = items.map(({ slot }) => Date.parse(slot));
  const endMs = dayStart(days.endDay, zone);
  const slots = items.map(({ consumptionWh, productionWh, quality }, i) => {
    const slot = { atMs: starts[i]!, toMs: starts[i + 1] ?? endMs, consumptionWh, productionWh };
    return { ...slot, state: stateOf({ ...slot, quality }, { nowMs, bucket }) };
  });
  return { zone, bucket, slots };
}

export function energyWh(slots: readonly ProfileSlot[], of: ProfileFlow): number | null {
  const known = slots.flatMap((slot) => slot[of] ?? []);
  return known.length === 0 ? null : known.reduce((sum, wh) => sum + wh, 0);
}

export function peakOf(slots: readonly ProfileSlot[]): { atMs: number; powerW: number } | null {
  let peak: { atMs: number; powerW: number } | null = null;
  for (const slot of slots) {
    const power = slot.state === 'ahead' ? null : powerW(slot, 'consumptionWh');
    if (power !== null && power > (peak?.powerW ?? Number.NEGATIVE_INFINITY)) peak = { atMs: slot.atMs, powerW: power };
  }
  return peak;
}

/** Nothing was read in the whole time. */
export function isUnknown({ slots }: Profile): boolean {
  return slots.every(({ consumptionWh, productionWh }) => consumptionWh === null && productionWh === null);
}

/** What was used so many days before each slot, when the clocks showed the same. An hour that was not there is not known. */
export function ghostW({ slots, zone }: Profile, earlier: Profile, days: number): (number | null)[] {
  const known = new Map<string, number | null>();
  for (const slot of earlier.slots) {
    const { day, minute } = localTime(slot.atMs, zone);
    const key = `${addToDay(day, { days })} ${minute}`;
    if (!known.has(key)) known.set(key, slot.state === 'ahead' ? null : powerW(slot, 'consumptionWh'));
  }
  return slots.map(({ atMs }) => {
    const { day, minute } = localTime(atMs, zone);
    return known.get(`${day} ${minute}`) ?? null;
  });
}
