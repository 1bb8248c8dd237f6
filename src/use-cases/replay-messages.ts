import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { isBadValue } from '../store/database-error.ts';
import { changeVerdict, keptMessages, refuseMessage, waitingIds } from '../store/inbound-messages.ts';
import { findMessage } from '../store/message-list.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Database } from '../store/database.ts';
import { demand, seen } from './access.ts';
import { tellOutcomes } from './record-outcomes.ts';
import { rowOf, settleMessages } from './settle-messages.ts';
import type { TakeDeps } from './take-messages.ts';

export type ReplayDeps = TakeDeps & { database: Pick<Database, 'prisma'> };

const AT_ONCE = 500;

export interface Replayed {
  replayed: number;
  stored: number;
}

/** Judges kept messages anew, as if they came now for the first time. */
async function settleAgain(deps: TakeDeps, ids: readonly number[]): Promise<Replayed> {
  try {
    const settled = await inTransaction(deps.pool, async (connection) => {
      const kept = await keptMessages(connection, ids);
      const settled = await settleMessages(
        connection,
        kept.map(({ message }) => message),
        deps.clock(),
      );
      for (const [index, { id }] of kept.entries()) await changeVerdict(connection, id, rowOf(settled.verdicts[index]!));
      return settled;
    });
    if (settled.outcomes.length > 0 || settled.events > 0) await tellOutcomes(deps, settled.outcomes, settled);
    const { verdicts } = settled;
    return { replayed: verdicts.length, stored: verdicts.filter(({ verdict }) => verdict.state === 'stored').length };
  } catch (err) {
    if (!isBadValue(err)) throw err;
    // One that the database does not take must not hold up those that wait with it: halved until it stands alone.
    const [id] = ids;
    if (ids.length === 1 && id !== undefined) {
      deps.log.error({ err, messageId: id }, 'a message cannot be stored as a reading');
      await inTransaction(deps.pool, (connection) => refuseMessage(connection, id, { reason: 'not-stored', detail: String(err) }));
      return { replayed: 1, stored: 0 };
    }
    const middle = Math.ceil(ids.length / 2);
    return sumOf(await settleAgain(deps, ids.slice(0, middle)), await settleAgain(deps, ids.slice(middle)));
  }
}

function sumOf(a: Replayed, b: Replayed): Replayed {
  return { replayed: a.replayed + b.replayed, stored: a.stored + b.stored };
}

/** All that waited for this sender to be known: the oldest first, for with it the installation begins. */
export async function settleWaiting(deps: TakeDeps, who: { sender: string; isDevice: boolean }): Promise<Replayed> {
  const ids = await waitingIds(deps.pool, who);
  let all: Replayed = { replayed: 0, stored: 0 };
  for (let from = 0; from < ids.length; from += AT_ONCE) all = sumOf(all, await settleAgain(deps, ids.slice(from, from + AT_ONCE)));
  return all;
}

/** What was refused by mistake, once what stood in its way is mended. */
export async function replayMessage(deps: ReplayDeps, actor: Actor, { id }: { id: number }): Promise<Replayed> {
  const { prisma } = deps.database;
  const message = seen(await findMessage(prisma, reach(actor, 'message:read'), id), 'This message');
  demand(actor, 'message:change', { buildingId: message.source?.buildingId ?? null });
  const result = await settleAgain(deps, [id]);
  await recordActivity(prisma, actor, {
    action: 'replay-message',
    subject: `message-${id}`,
    detail: `${message.topic}: ${result.stored > 0 ? 'stored' : 'still not stored'}`,
  });
  return result;
}
