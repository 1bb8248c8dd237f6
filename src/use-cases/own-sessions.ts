import type { Redis } from 'ioredis';
import { deviceOf } from '../domain/device-words.ts';
import type { Actor } from '../domain/permission.ts';
import { NotFound } from '../errors.ts';
import { makeSessionList, publicSessionId } from '../http/session-list.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findCredentials, updateUser } from '../store/users.ts';
import { seen, type Deps } from './access.ts';

export interface SessionDeps extends Deps {
  redis: Redis;
}

export interface OwnSession {
  id: string;
  browser: string | null;
  system: string | null;
  address: string;
  startedAt: Date;
  lastSeenAt: Date;
  /** The one that asks. */
  current: boolean;
}

async function listOf(deps: SessionDeps, actor: Actor) {
  const { sessionEpoch } = seen(await findCredentials(deps.database.prisma, { id: actor.userId }), 'This user');
  return makeSessionList(deps.redis).list(actor.userId, sessionEpoch, deps.clock());
}

export async function listOwnSessions(deps: SessionDeps, actor: Actor, sessionId: string): Promise<OwnSession[]> {
  const own = publicSessionId(sessionId);
  return (await listOf(deps, actor)).map(({ id, userAgent, address, startedAtMs, lastSeenMs }) => ({
    id,
    ...deviceOf(userAgent),
    address,
    startedAt: new Date(startedAtMs),
    lastSeenAt: new Date(lastSeenMs),
    current: id === own,
  }));
}

export async function endOwnSession(deps: SessionDeps, actor: Actor, id: string): Promise<void> {
  const found = (await listOf(deps, actor)).find((session) => session.id === id);
  if (!found) throw new NotFound('This session');
  await makeSessionList(deps.redis).end(actor.userId, found.sessionId);
  await recordActivity(deps.database.prisma, actor, { action: 'end-own-session', subject: `user-${actor.userId}` });
}

/** All of them, known to the list or not; the caller keeps its own with the epoch that comes back. */
export async function endOwnSessions(deps: SessionDeps, actor: Actor): Promise<number> {
  return transact(deps.database.prisma, async (tx) => {
    const user = await updateUser(tx, actor.userId, {}, { endSessions: true });
    await recordActivity(tx, actor, { action: 'end-own-sessions', subject: `user-${user.id}` });
    return user.sessionEpoch;
  });
}
