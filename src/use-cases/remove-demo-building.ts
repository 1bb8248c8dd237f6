import type { Redis } from 'ioredis';
import type { Actor } from '../domain/permission.ts';
import { NotFound } from '../errors.ts';
import { forgetBehaviours } from '../queue/virtual-behaviour.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { findDemoBuilding } from '../store/demo-building.ts';
import { demand } from './access.ts';
import { keepDemoLogin } from './demo-logins.ts';
import { readDemoState } from './demo-state.ts';
import { eraseDemo, type ErasedDemo } from './erase-demo.ts';

export interface RemovedDemo extends ErasedDemo {
  /** In words, for the person who did it. */
  summary: string;
}

/**
 * Removes the demo building, its history and its users. Whoever does it keeps the account: somebody must be able to log
 * in afterwards.
 */
export async function removeDemoBuilding(deps: { database: Database; redis: Redis; dataDir: string }, actor: Actor): Promise<RemovedDemo> {
  const { prisma } = deps.database;
  const demo = await findDemoBuilding(prisma);
  if (!demo) throw new NotFound('The demo building');
  demand(actor, 'building:change', { buildingId: demo.buildingId });
  demand(actor, 'user:change');
  const { userIds } = await readDemoState(prisma);
  const removed = await eraseDemo(deps, { userIds: userIds.filter((id) => id !== actor.userId), afterwards: 'removed' });
  if (!removed) throw new NotFound('The demo building');
  await forgetBehaviours(deps.redis, removed.serials);
  const kept = userIds.includes(actor.userId) ? actor.email : null;
  await keepDemoLogin(deps.dataDir, kept);
  const summary = summaryOf(removed, kept);
  await recordActivity(prisma, actor, { action: 'remove-demo-building', subject: `building-${demo.buildingId}`, detail: summary });
  return { ...removed, summary };
}

function summaryOf({ building, flats, meters, readings, tenancies, users }: ErasedDemo, kept: string | null): string {
  const counted = `${flats} flats, ${meters} meters, ${readings} readings, ${tenancies} tenancies and ${users} log-ins`;
  return `Removed ${building}: ${counted}.${kept === null ? '' : ` Your own log-in, ${kept}, stays.`}`;
}
