import { groupBy } from '../domain/group-by.ts';
import { can, reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import { momentOfIteration, readKey, type CollectedMeter, type Collection, type Collections } from '../queue/collections.ts';
import type { ReadNowReply } from '../queue/contract.ts';
import { recordActivities } from '../store/activities.ts';
import { askedMeters, findMetersNamed } from '../store/meters.ts';
import { demand, type Deps } from './access.ts';

export const MOST_ITERATIONS = 60;
export const LONGEST_WAIT_S = 600;
const MOST_READS = 1_000;
/** A full round of a slow bus, after readings that are due. */
const PATIENCE_MS = 60_000;
/** For an answer to come back from the poller. */
const GRACE_MS = 15_000;

export interface CollectInput {
  iterations: number;
  waitS: number;
  /** A topic prefix or a serial; without it all that the person may read now. */
  meter?: string | undefined;
}

export type CollectDeps = Deps & { collections: Collections };

export interface CollectedRead {
  iteration: number;
  meterId: number;
  plannedMs: number;
  /** `lost`: nobody told in time what came of it. */
  state: 'waiting' | 'read' | 'failed' | 'lost';
  reply: ReadNowReply | null;
}

export interface ShownCollection extends Omit<Collection, 'userId'> {
  ended: boolean;
  reads: CollectedRead[];
}

/** Reads meters now and at fixed distances from now. The answers are shown, not stored: the ledger has its own readings. */
export async function startCollection(
  deps: CollectDeps,
  actor: Actor,
  { iterations, waitS, meter }: CollectInput,
): Promise<ShownCollection> {
  const meters = meter === undefined ? await allMeters(deps, actor) : [await namedMeter(deps, actor, meter)];
  if (meters.length === 0) throw new Conflict(say('nothingToCollect'));
  if (meters.length * iterations > MOST_READS) {
    throw new InvalidInput({ iterations: say('tooManyReads', iterations, meters.length, MOST_READS) });
  }
  const collection = await deps.collections.start({
    ...{ userId: actor.userId, iterations, waitMs: waitS * 1_000 },
    ...{ patienceMs: PATIENCE_MS, meters },
  });
  const byBuilding = groupBy(meters, ({ buildingId }) => buildingId);
  await recordActivities(
    deps.database.prisma,
    actor,
    [...byBuilding].map(([buildingId, there]) => ({
      ...{ action: 'collect-readings', subject: `building-${buildingId}`, buildingId },
      detail: `${there.length === 1 ? there[0]?.serial : `${there.length} meters`}, ${iterations} times`,
    })),
  );
  return show(deps, actor, collection);
}

/** What came of each read so far; of one's own collections only. */
export async function findCollection(
  deps: CollectDeps,
  actor: Actor,
  { collectionId }: { collectionId: string },
): Promise<ShownCollection> {
  const collection = await deps.collections.find(collectionId);
  if (collection === null || collection.userId !== actor.userId) throw new NotFound('This collection');
  return show(deps, actor, collection);
}

async function namedMeter({ database: { prisma } }: CollectDeps, actor: Actor, name: string): Promise<CollectedMeter> {
  const [meter] = await findMetersNamed(prisma, reach(actor, 'meter:read'), name);
  if (meter === undefined) throw new InvalidInput({ meter: say('meterUnknown', name) });
  const running = meter.installations.find((installation) => installation.running);
  if (!running) throw new Conflict(say('meterHangsNowhere'));
  demand(actor, 'meter:control', { buildingId: running.point.flat.buildingId });
  const [asked] = await askedMeters(prisma, reach(actor, 'line:read'), meter.id);
  if (asked === undefined) throw new Conflict(say('meterPushes', meter.serial));
  return asked;
}

async function allMeters({ database: { prisma } }: CollectDeps, actor: Actor): Promise<CollectedMeter[]> {
  const meters = await askedMeters(prisma, reach(actor, 'line:read'));
  return meters.filter(({ buildingId }) => can(actor, 'meter:control', { buildingId }) && can(actor, 'meter:read', { buildingId }));
}

// Whoever lost the right to read a meter since is not shown what it answered.
async function show({ collections, clock }: CollectDeps, actor: Actor, collection: Collection): Promise<ShownCollection> {
  const { userId: _, iterations, patienceMs, ...rest } = collection;
  const meters = collection.meters.filter(({ buildingId }) => can(actor, 'meter:control', { buildingId }));
  const replies = await collections.replies(collection.collectionId);
  const nowMs = clock();
  const reads = Array.from({ length: iterations }, (_, index) => index + 1).flatMap((iteration) => {
    const plannedMs = momentOfIteration(collection, iteration);
    const stateOf = (reply: ReadNowReply | null): CollectedRead['state'] => {
      if (reply !== null) return reply.ok ? 'read' : 'failed';
      return nowMs > plannedMs + patienceMs + GRACE_MS ? 'lost' : 'waiting';
    };
    return meters.map(({ meterId }): CollectedRead => {
      const reply = replies.get(readKey(iteration, meterId)) ?? null;
      return { iteration, meterId, plannedMs, state: stateOf(reply), reply };
    });
  });
  return { ...rest, iterations, patienceMs, meters, reads, ended: reads.every(({ state }) => state !== 'waiting') };
}
