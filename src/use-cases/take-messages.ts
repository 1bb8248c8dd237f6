import type { Redis } from 'ioredis';
import type { Pool } from 'mariadb';
import { splitTuples } from '../domain/measurement-tuple.ts';
import type { PushedMessage } from '../domain/pushed-message.ts';
import type { Logger } from '../logger.ts';
import type { Queues } from '../queue/queues.ts';
import { isBadValue } from '../store/database-error.ts';
import { countRepeats, hashOf, insertMessages, knownHashes, type InboundVerdict } from '../store/inbound-messages.ts';
import { inTransaction } from '../store/transaction.ts';
import { commitMessages, measureOutcomes, measureTaken } from './measure-commit.ts';
import { tellOutcomes } from './record-outcomes.ts';
import { rowOf, settleMessages } from './settle-messages.ts';

export interface TakeDeps {
  pool: Pool;
  queues: Pick<Queues, 'addMails' | 'gatherEvents'>;
  redis: Redis;
  clock: () => number;
  log: Logger;
}

export type Taken = InboundVerdict | { state: 'duplicate' };

interface Hashed {
  message: PushedMessage;
  hash: Buffer;
  hex: string;
}

/**
 * Keeps messages as they came, each once, with what became of them, in one transaction. When it resolves they may be
 * acknowledged; when it throws nothing is kept and they may come again.
 */
export function makeTakeMessages(deps: TakeDeps) {
  const { pool, clock, log } = deps;
  let telling = Promise.resolve();

  async function commit(batch: readonly Hashed[]): Promise<Map<string, Taken>> {
    try {
      const { known, fresh, settled } = await commitMessages(pool, batch.length, async (connection) => {
        const known = await knownHashes(
          connection,
          batch.map(({ hash }) => hash),
        );
        const fresh = batch.filter(({ hex }) => !known.has(hex));
        const settled = await settleMessages(
          connection,
          fresh.map(({ message }) => message),
          clock(),
        );
        const rows = fresh.map(({ hash, message }, index) => ({ hash, message, ...rowOf(settled.verdicts[index]!) }));
        await insertMessages(connection, rows);
        const repeated = batch.filter(({ hex }) => known.has(hex));
        await countRepeats(connection, new Map(repeated.map(({ hex, message }) => [hex, { times: 1, atMs: message.receivedMs }])));
        return { known, fresh, settled };
      });
      measureOutcomes(settled.outcomes, clock());
      // In order, while the next batch is committed.
      await telling;
      if (settled.outcomes.length > 0 || settled.events > 0) telling = tellOutcomes(deps, settled.outcomes, settled);
      const taken = new Map<string, Taken>([...known].map((hex) => [hex, { state: 'duplicate' }]));
      fresh.forEach(({ hex }, index) => taken.set(hex, rowOf(settled.verdicts[index]!).verdict));
      return taken;
    } catch (err) {
      if (!isBadValue(err)) throw err;
      // One that the database does not take must not take its whole batch along: halved until it stands alone.
      const [only] = batch;
      if (batch.length === 1 && only) return keepUnstored(only, err);
      const middle = Math.ceil(batch.length / 2);
      return new Map([...(await commit(batch.slice(0, middle))), ...(await commit(batch.slice(middle)))]);
    }
  }

  async function keepUnstored({ message, hash, hex }: Hashed, err: unknown): Promise<Map<string, Taken>> {
    log.error({ err, topic: message.topic }, 'a message cannot be stored as a reading');
    const verdict: InboundVerdict = { state: 'refused', reason: 'not-stored', detail: String(err), meterId: null };
    const facts = { etlKind: null, sender: '', measuredMs: null, sentMs: null };
    await inTransaction(pool, (connection) => insertMessages(connection, [{ hash, message, facts, verdict }]));
    return new Map([[hex, verdict]]);
  }

  /** In the order of the messages. */
  return async (messages: readonly PushedMessage[]): Promise<Taken[]> => {
    const hashed = messages.map((message): Hashed => {
      const hash = hashOf(message);
      return { message, hash, hex: hash.toString('hex') };
    });
    const firsts = new Map<string, Hashed>();
    for (const each of hashed) if (!firsts.has(each.hex)) firsts.set(each.hex, each);
    const taken = await commit([...firsts.values()]);
    const again = hashed.filter((each) => firsts.get(each.hex) !== each);
    if (again.length > 0) {
      const repeats = new Map<string, { times: number; atMs: number }>();
      for (const { hex, message } of again) repeats.set(hex, { times: (repeats.get(hex)?.times ?? 0) + 1, atMs: message.receivedMs });
      await inTransaction(pool, (connection) => countRepeats(connection, repeats));
    }
    return measureTaken(
      hashed.map((each) => (firsts.get(each.hex) === each ? (taken.get(each.hex) ?? { state: 'duplicate' }) : { state: 'duplicate' })),
    );
  };
}

const AT_ONCE = 1_000;

/** The same for what comes by a broker: many values in one message are taken one by one, in so many transactions as that takes. */
export function makeTakePushed(deps: TakeDeps) {
  const take = makeTakeMessages(deps);
  return async (messages: readonly PushedMessage[]): Promise<void> => {
    const all = messages.flatMap(splitTuples);
    for (let first = 0; first < all.length; first += AT_ONCE) await take(all.slice(first, first + AT_ONCE));
  };
}
