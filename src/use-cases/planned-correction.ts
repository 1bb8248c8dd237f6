import { z } from 'zod';
import { CORRECTION_KINDS } from '../domain/correction.ts';
import { counterOf } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { floorSlot } from '../domain/settle.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { modelCounts, takenAt, type NewCorrection } from '../store/corrections.ts';
import { findSoundFrom } from '../store/kept-from.ts';
import { findMeter, type Place } from '../store/meters.ts';
import { findMeteredPoint, type MeteredPoint } from '../store/points.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { demand, seen } from './access.ts';
import { idField, momentField, momentOf, nameField, wholeField } from './input.ts';

const DIRECTIONS = ['import', 'export'] as const;
const direction = z.enum(DIRECTIONS, 'must be import or export');
const MOST_WH_IN_SLOT = 1_000_000_000;

const exclusion = z.strictObject({
  kind: z.literal('exclude-reading'),
  meterId: idField,
  at: momentField.meta({ description: 'The moment that the reading stands for, as it is listed' }),
});

const counter = z.strictObject({
  kind: z.literal('set-counter'),
  meterId: idField.optional(),
  pointId: idField.optional().meta({ description: 'In place of the meter: the one that hung there then' }),
  at: momentField,
  counter: direction.meta({ description: 'As the meter names it' }),
  wh: wholeField(0, Number.MAX_SAFE_INTEGER),
});

const override = z.strictObject({
  kind: z.literal('override-interval'),
  pointId: idField,
  at: momentField.meta({ description: 'The beginning of the quarter hour' }),
  flow: direction.meta({ description: 'Into the point or out of it' }),
  wh: wholeField(0, MOST_WH_IN_SLOT),
});

const KINDS = { error: `must be ${CORRECTION_KINDS.slice(0, -1).join(', ')} or ${CORRECTION_KINDS.at(-1)}` };
const why = { reason: nameField(500).meta({ description: 'Why: who reads a bill in five years wants to know' }) };

/** What a correction says, without who says so and why. */
export const correctionFields = z.discriminatedUnion('kind', [exclusion, counter, override], KINDS);
export const correctEnergyInput = z.discriminatedUnion('kind', [exclusion.extend(why), counter.extend(why), override.extend(why)], KINDS);
export const undoCorrectionInput = z.strictObject(why);

type Wanted = z.output<typeof correctionFields>;
type WantedOf<K extends Wanted['kind']> = Extract<Wanted, { kind: K }>;

/** Checked against what there is, and which time of the point it concerns. */
export interface PlannedCorrection extends NewCorrection {
  flatId: number;
  buildingId: number;
  zone: string;
  span: Span;
}

function holdsAt(place: Place, ms: number): boolean {
  return startOf(place) <= ms && ms <= (place.toAt?.getTime() ?? Number.MAX_SAFE_INTEGER);
}

function momentBefore(value: Date | string, zone: string, nowMs: number): Date {
  const at = momentOf('at', value, zone);
  if (at.getTime() > nowMs) throw new InvalidInput({ at: 'must not lie ahead' });
  return at;
}

/** Of the places of a meter, or of the meters of a point, the one at a moment: the later where one ends and one begins. */
function placeAt(places: readonly Place[], at: Date, what: string): Place {
  const place = places.findLast((one) => holdsAt(one, at.getTime()));
  if (!place) throw new InvalidInput({ at: what });
  return place;
}

async function placesOfMeter(tx: Db, actor: Actor, meterId: number): Promise<Place[]> {
  const { installations } = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This meter');
  const sorted = installations.toSorted((a, b) => startOf(a) - startOf(b));
  if (sorted.length === 0) throw new InvalidInput({ meterId: 'never hung at a point' });
  return sorted;
}

async function pointWithin(tx: Db, actor: Actor, pointId: number): Promise<MeteredPoint> {
  return seen(await findMeteredPoint(tx, reach(actor, 'point:read'), pointId), 'This point');
}

type Where = Pick<PlannedCorrection, 'pointId' | 'flatId' | 'buildingId' | 'zone'>;

function whereOf({ pointId, point: { flat } }: Place): Where {
  return { pointId, flatId: flat.id, buildingId: flat.buildingId, zone: flat.building.zone };
}

/** With the reading for the same moment, which may have been taken a little beside it. */
async function spanOf(tx: Db, meterId: number, at: Date): Promise<{ span: Span; read: boolean }> {
  const taken = await takenAt(tx, meterId, at);
  const moments = [at.getTime(), (taken ?? at).getTime()];
  return { span: { fromMs: Math.min(...moments), toMs: Math.max(...moments) + 1 }, read: taken !== null };
}

async function planExclusion(tx: Db, actor: Actor, wanted: WantedOf<'exclude-reading'>, nowMs: number): Promise<PlannedCorrection> {
  const places = await placesOfMeter(tx, actor, wanted.meterId);
  const at = momentBefore(wanted.at, whereOf(places[0]!).zone, nowMs);
  const place = placeAt(places, at, 'the meter hung at no point at that moment');
  const where = whereOf(place);
  demand(actor, 'energy:correct', where);
  const { span, read } = await spanOf(tx, wanted.meterId, at);
  if (!read) throw new InvalidInput({ at: 'there is no reading of this meter for that moment; take its time from the list of readings' });
  if (startOf(place) === at.getTime() && place.firstImportWh !== null) {
    throw new InvalidInput({ at: 'is where the installation begins: change its first counters there, or set a value at this moment' });
  }
  return { kind: wanted.kind, ...where, meterId: wanted.meterId, direction: null, at, wh: null, span };
}

async function placeOfCounter(tx: Db, actor: Actor, wanted: WantedOf<'set-counter'>, nowMs: number): Promise<{ place: Place; at: Date }> {
  if (wanted.meterId !== undefined && wanted.pointId === undefined) {
    const places = await placesOfMeter(tx, actor, wanted.meterId);
    const at = momentBefore(wanted.at, whereOf(places[0]!).zone, nowMs);
    return { at, place: placeAt(places, at, 'the meter hung at no point at that moment') };
  }
  if (wanted.pointId === undefined || wanted.meterId !== undefined) {
    throw new InvalidInput({ meterId: 'give either a meter or a point' });
  }
  const { flat, installations } = await pointWithin(tx, actor, wanted.pointId);
  const at = momentBefore(wanted.at, flat.building.zone, nowMs);
  return {
    at,
    place: placeAt(
      installations.toSorted((a, b) => startOf(a) - startOf(b)),
      at,
      'no meter hung at this point at that moment',
    ),
  };
}

async function planCounter(tx: Db, actor: Actor, wanted: WantedOf<'set-counter'>, nowMs: number): Promise<PlannedCorrection> {
  const { place, at } = await placeOfCounter(tx, actor, wanted, nowMs);
  const where = whereOf(place);
  demand(actor, 'energy:correct', where);
  const { meterId } = place;
  if (!(await modelCounts(tx, meterId, counterOf(wanted.counter, false)))) {
    throw new InvalidInput({ counter: `the model of this meter counts no ${wanted.counter}; override the quarter hours instead` });
  }
  const { span } = await spanOf(tx, meterId, at);
  return { kind: wanted.kind, ...where, meterId, direction: wanted.counter, at, wh: BigInt(wanted.wh), span };
}

async function planOverride(tx: Db, actor: Actor, wanted: WantedOf<'override-interval'>, nowMs: number): Promise<PlannedCorrection> {
  const { id: pointId, maxPowerW, flat } = await pointWithin(tx, actor, wanted.pointId);
  const where = { pointId, flatId: flat.id, buildingId: flat.buildingId, zone: flat.building.zone };
  demand(actor, 'energy:correct', where);
  const at = momentBefore(wanted.at, where.zone, nowMs);
  const fromMs = at.getTime();
  if (fromMs !== floorSlot(fromMs))
    throw new InvalidInput({ at: 'must be the beginning of a quarter hour, such as 12:00, 12:15 or 12:30' });
  const toMs = fromMs + QUARTER_HOUR_MS;
  if (toMs > nowMs) throw new InvalidInput({ at: 'is the beginning of a quarter hour that is not over yet' });
  const mostWh = maxPowerW === null ? MOST_WH_IN_SLOT : Math.floor(maxPowerW / 4);
  if (wanted.wh > mostWh) {
    throw new InvalidInput({ wh: `is more than the physical maximum of this point lets through in a quarter hour, ${mostWh} Wh` });
  }
  return { kind: wanted.kind, ...where, meterId: null, direction: wanted.flow, at, wh: BigInt(wanted.wh), span: { fromMs, toMs } };
}

export async function planCorrection(tx: Db, actor: Actor, wanted: Wanted, nowMs: number): Promise<PlannedCorrection> {
  const planned = await planOf(tx, actor, wanted, nowMs);
  await refuseDropped(tx, planned);
  return planned;
}

/** What its readings are gone of cannot be made anew. */
export async function refuseDropped(tx: Db, { pointId, span }: Pick<PlannedCorrection, 'pointId' | 'span'>): Promise<void> {
  const soundMs = await findSoundFrom(tx, pointId);
  if (span.fromMs >= soundMs) return;
  const since = new Date(soundMs).toISOString();
  throw new InvalidInput({ at: `is from before ${since}: readings of that time are no longer kept, so its energy stays as it is` });
}

function planOf(tx: Db, actor: Actor, wanted: Wanted, nowMs: number): Promise<PlannedCorrection> {
  switch (wanted.kind) {
    case 'exclude-reading':
      return planExclusion(tx, actor, wanted, nowMs);
    case 'set-counter':
      return planCounter(tx, actor, wanted, nowMs);
    case 'override-interval':
      return planOverride(tx, actor, wanted, nowMs);
  }
}

/** Of one that is stored. */
export async function storedSpan(tx: Db, { meterId, at }: Pick<NewCorrection, 'meterId' | 'at'>): Promise<Span> {
  if (meterId === null) return { fromMs: at.getTime(), toMs: at.getTime() + QUARTER_HOUR_MS };
  return (await spanOf(tx, meterId, at)).span;
}
