import { createHash } from 'node:crypto';
import type { Connection, Pool } from 'mariadb';
import type { PushedMessage } from '../domain/pushed-message.ts';
import { sqlTime } from './sql-time.ts';

export type InboundStateName = 'stored' | 'noted' | 'unknown-sender' | 'refused';

/** What became of a message. */
export interface InboundVerdict {
  state: InboundStateName;
  reason: string;
  detail: string;
  meterId: number | null;
}

/** What it tells about itself. */
export interface InboundFacts {
  etlKind: number | null;
  sender: string;
  measuredMs: number | null;
  sentMs: number | null;
}

const LONGEST = { topic: 512, sender: 190, detail: 500 };
// What MySQL and MariaDB can hold as a DATETIME.
const TIMES = { least: Date.UTC(1000, 0, 1), most: Date.UTC(9999, 11, 31) };

/** The same topic and content are the same message; content alone may be that of two meters. */
export function hashOf({ topic, payload }: Pick<PushedMessage, 'topic' | 'payload'>): Buffer {
  return createHash('sha256').update(topic).update('\0').update(payload).digest();
}

/** Those of them that are there, as hexadecimal. */
export async function knownHashes(connection: Connection, hashes: readonly Buffer[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows: { hash: Buffer }[] = await connection.query('SELECT hash FROM inbound_messages WHERE hash IN (?)', [hashes]);
  return new Set(rows.map(({ hash }) => hash.toString('hex')));
}

function time(ms: number | null): string | null {
  return ms === null || !(ms >= TIMES.least && ms <= TIMES.most) ? null : sqlTime(ms);
}

export interface NewInbound {
  hash: Buffer;
  message: PushedMessage;
  facts: InboundFacts;
  verdict: InboundVerdict;
}

/** One that is there already is counted, and stays as it is. */
export async function insertMessages(connection: Connection, messages: readonly NewInbound[]): Promise<void> {
  if (messages.length === 0) return;
  // In the order of the key, so that concurrent inserts take their locks in the same order.
  const rows = messages
    .toSorted((a, b) => Buffer.compare(a.hash, b.hash))
    .map(({ hash, message, facts, verdict }) => [
      hash,
      message.topic.slice(0, LONGEST.topic),
      Buffer.from(message.payload),
      sqlTime(message.receivedMs),
      message.sourceId,
      ...columnsOf(facts, verdict),
    ]);
  await connection.query(
    `INSERT INTO inbound_messages
       (hash, topic, payload, received_at, source_id, kind, sender, measured_at, sent_at, state, reason, detail, meter_id)
     VALUES ${rows.map((row) => `(${row.map(() => '?').join()})`).join()}
     ON DUPLICATE KEY UPDATE repeats = repeats + 1, repeated_at = VALUES(received_at)`,
    rows.flat(),
  );
}

/** Came again: the newest time of each. */
export async function countRepeats(connection: Connection, repeats: ReadonlyMap<string, { times: number; atMs: number }>): Promise<void> {
  for (const [hash, { times, atMs }] of [...repeats].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await connection.query('UPDATE inbound_messages SET repeats = repeats + ?, repeated_at = ? WHERE hash = ?', [
      times,
      sqlTime(atMs),
      Buffer.from(hash, 'hex'),
    ]);
  }
}

export interface KeptMessage {
  id: number;
  message: PushedMessage;
}

/** What waits for this sender to be known, in the order it was measured; by the name of a device, or that of a sender of ETL messages. */
export async function waitingIds(db: Pick<Pool, 'query'>, { sender, isDevice }: { sender: string; isDevice: boolean }): Promise<number[]> {
  const rows: { id: number }[] = await db.query(
    `SELECT id FROM inbound_messages WHERE state = 'unknown-sender' AND sender = ? AND kind IS ${isDevice ? '' : 'NOT '}NULL
     ORDER BY measured_at, id`,
    [sender],
  );
  return rows.map(({ id }) => id);
}

/** Those of them that are not stored, oldest first; locked, for what becomes of them is about to change. */
export async function keptMessages(connection: Connection, ids: readonly number[]): Promise<KeptMessage[]> {
  if (ids.length === 0) return [];
  const rows: { id: number; topic: string; payload: Buffer; receivedAt: Date; sourceId: number | null }[] = await connection.query(
    `SELECT id, topic, payload, received_at AS receivedAt, source_id AS sourceId FROM inbound_messages
     WHERE state <> 'stored' AND id IN (?) ORDER BY id FOR UPDATE`,
    [[...ids]],
  );
  return rows.map(({ id, topic, payload, receivedAt, sourceId }) => ({
    id,
    message: { topic, payload, receivedMs: receivedAt.getTime(), sourceId },
  }));
}

/** Judged anew, and read anew: an earlier version may have read less of it. */
export async function changeVerdict(
  connection: Connection,
  id: number,
  { facts, verdict }: { facts: InboundFacts; verdict: InboundVerdict },
): Promise<void> {
  await connection.query(
    `UPDATE inbound_messages SET kind = ?, sender = ?, measured_at = ?, sent_at = ?, state = ?, reason = ?, detail = ?, meter_id = ?
     WHERE id = ?`,
    [...columnsOf(facts, verdict), id],
  );
}

export async function refuseMessage(
  connection: Connection,
  id: number,
  { reason, detail }: Pick<InboundVerdict, 'reason' | 'detail'>,
): Promise<void> {
  await connection.query(`UPDATE inbound_messages SET state = 'refused', reason = ?, detail = ? WHERE id = ?`, [
    reason,
    detail.slice(0, LONGEST.detail),
    id,
  ]);
}

function columnsOf(facts: InboundFacts, { state, reason, detail, meterId }: InboundVerdict): unknown[] {
  return [
    facts.etlKind,
    facts.sender.slice(0, LONGEST.sender),
    time(facts.measuredMs),
    time(facts.sentMs),
    state,
    reason,
    detail.slice(0, LONGEST.detail),
    meterId,
  ];
}
