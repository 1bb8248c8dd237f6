import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findFlat } from '../store/flats.ts';
import { freePushPlace } from '../store/lines.ts';
import { unknownSenders, type UnknownSender } from '../store/message-list.ts';
import { findAlias } from '../store/meter-aliases.ts';
import { findModelByKey } from '../store/meter-models.ts';
import { findMeter, updateMeter } from '../store/meters.ts';
import { isDuplicate, lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen } from './access.ts';
import { idField, nameField, parseInput } from './input.ts';
import { installMeterOn } from './install-meter.ts';
import { addAliasOn } from './name-meter.ts';
import { settleWaiting, type Replayed } from './replay-messages.ts';
import type { TakeDeps } from './take-messages.ts';

export type AdoptDeps = TakeDeps & { database: Pick<Database, 'prisma'> };

export const adoptSenderInput = z.strictObject({
  sender: nameField(190),
  /** A meter that is there already; else a new one in the flat. */
  meterId: idField.optional(),
  flatId: idField.optional(),
  /** Empty: the one for the messages that came. */
  modelKey: nameField(80).optional(),
});

/** What a model must be for, by the kind of what waits, and the one that is proposed. Of the values of a device two can be. */
const MODELS: Readonly<Record<string, { message: string; proposed: string }>> = {
  18: { message: 'etl-18', proposed: 'etl-three-phase' },
  21: { message: 'etl-21', proposed: 'etl-single-phase' },
  device: { message: 'energy', proposed: 'energy-counter' },
};

export function modelFor(kind: number | null): { message: string; proposed: string } | null {
  return MODELS[kind ?? 'device'] ?? null;
}

export interface Adopted extends Replayed {
  meterId: number;
}

/** Somebody who pushes gets a meter: a known one, or a new one in a flat; what waited is stored. */
export async function adoptSender(deps: AdoptDeps, actor: Actor, input: z.input<typeof adoptSenderInput>): Promise<Adopted> {
  const wanted = parseInput(adoptSenderInput, input);
  const nameIt = () => transact(deps.database.prisma, (tx) => nameMeter(tx, deps, actor, wanted));
  // Whoever was faster, in another building, has what we find when we look again.
  const { meterId, kind } = await nameIt().catch((err: unknown) => (isDuplicate(err) ? nameIt() : Promise.reject(err)));
  return { meterId, ...(await settleWaiting(deps, { sender: wanted.sender, isDevice: kind === 'uuid' })) };
}

async function nameMeter(
  tx: Db,
  deps: AdoptDeps,
  actor: Actor,
  { sender, meterId, flatId, modelKey }: z.output<typeof adoptSenderInput>,
): Promise<{ meterId: number; kind: 'uuid' | 'sender' }> {
  const waiting = await unknownSenders(tx, reach(actor, 'message:read'), sender);
  if (waiting.length === 0) await refuseAdopted(tx, actor, sender);
  if ((meterId === undefined) === (flatId === undefined)) {
    throw new InvalidInput({ flatId: 'give a flat for a new meter, or meterId for one that is there: one of the two' });
  }
  const place = meterId === undefined ? await flatOf(tx, actor, flatId ?? 0) : await meterOf(tx, actor, meterId);
  const known = comingFrom(waiting, place);
  demand(actor, 'message:change', { buildingId: known.source?.buildingId ?? null });
  await lockRow(tx, 'buildings', place.buildingId);
  const kind = known.kind === null ? 'uuid' : 'sender';
  const taken = await findAlias(tx, kind, sender);
  // Its meter may have hung nowhere when they came.
  if (taken !== null && taken.meterId !== meterId) {
    throw new AdoptedAlready(sender, taken.meter.serial);
  }
  const fits = modelFor(known.kind);
  if (place.field === 'meterId' && fits !== null && place.message !== fits.message) {
    throw new InvalidInput({
      meterId: 'has a model for something else than what waits: give it another model first, or take another meter',
    });
  }
  const id = place.field === 'meterId' ? place.meterId : await newMeter(tx, deps, actor, { ...place, sender, modelKey, fits });
  await addAliasOn(tx, actor, { meterId: id, kind, value: sender });
  return { meterId: id, kind };
}

class AdoptedAlready extends Conflict {
  constructor(sender: string, serial: string) {
    super(`${sender} is the meter ${serial} already: adopt it as that one, where it is installed.`);
  }
}

/** Nothing waits: somebody else was faster, or there never was anything. */
async function refuseAdopted(tx: Db, actor: Actor, sender: string): Promise<never> {
  const alias = (await findAlias(tx, 'sender', sender)) ?? (await findAlias(tx, 'uuid', sender));
  const own = alias && (await findMeter(tx, reach(actor, 'meter:read'), alias.meterId));
  throw own ? new AdoptedAlready(sender, own.serial) : new NotFound('This sender');
}

type Place =
  | { field: 'flatId'; flatId: number; buildingId: number }
  | { field: 'meterId'; meterId: number; buildingId: number; message: string | null };

async function flatOf(tx: Db, actor: Actor, flatId: number): Promise<Extract<Place, { field: 'flatId' }>> {
  const { buildingId } = seen(await findFlat(tx, reach(actor, 'flat:read'), flatId), 'This flat');
  demand(actor, 'meter:change', { buildingId });
  return { field: 'flatId', flatId, buildingId };
}

async function meterOf(tx: Db, actor: Actor, meterId: number): Promise<Extract<Place, { field: 'meterId' }>> {
  const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This meter');
  const hangs = meter.installations.find(({ running }) => running);
  if (hangs === undefined) throw new InvalidInput({ meterId: 'hangs nowhere: install it first' });
  const { buildingId } = hangs.point.flat;
  demand(actor, 'meter:change', { buildingId });
  const model = await findModelByKey(tx, meter.model.key);
  return { field: 'meterId', meterId, buildingId, message: model?.message ?? null };
}

/** Whose messages a meter of that building may have: who pushes for another one would be refused. */
function comingFrom(waiting: readonly UnknownSender[], { field, buildingId }: Place): UnknownSender {
  const known = waiting.find(({ source }) => source === null || source.buildingId === buildingId);
  if (known === undefined)
    throw new InvalidInput({ [field]: 'is in another building than the gateway or device that brings these messages' });
  return known;
}

async function newMeter(
  tx: Db,
  deps: AdoptDeps,
  actor: Actor,
  wanted: { flatId: number; buildingId: number; sender: string; modelKey: string | undefined; fits: ReturnType<typeof modelFor> },
): Promise<number> {
  const { flatId, buildingId, sender, fits } = wanted;
  const modelKey = wanted.modelKey ?? fits?.proposed;
  if (modelKey === undefined) throw new InvalidInput({ modelKey: 'must be given: only alarms came, which do not tell what it measures' });
  const model = await findModelByKey(tx, modelKey);
  if (model === null) throw new InvalidInput({ modelKey: `there is no meter model ${modelKey}` });
  const isFit = fits === null ? model.message?.startsWith('etl-') === true : model.message === fits.message;
  if (!isFit) throw new InvalidInput({ modelKey: 'is for something else than what waits' });
  const place = await freePushPlace(tx, buildingId);
  // Its counter begins with the first message that waits.
  const { id } = await installMeterOn(tx, deps, actor, { flatId, serial: sender, modelKey, ...place, fromAt: null });
  // What waits was measured before now: it is an answer all the same.
  await updateMeter(tx, id, { stateSince: null });
  return id;
}
