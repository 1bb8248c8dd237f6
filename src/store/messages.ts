import type { Pool } from 'mariadb';
import type { ChatMark, ChatMessage, MarkStep } from '../domain/chat.ts';
import { sqlTime } from './sql-time.ts';
import { inTransaction } from './transaction.ts';

export type NewMessage = Omit<ChatMessage, 'seq' | 'senderId'> & { senderId: number };
export type MarkKind = MarkStep['kind'];

interface Queryable {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

type Row = Omit<ChatMessage, 'fromStaff' | 'sentAtMs'> & { fromStaff: number; sentAt: Date };

/** `rest` follows the table of messages, which is `m`. */
export async function readMessages(db: Queryable, rest: string, values: unknown[]): Promise<ChatMessage[]> {
  const rows = (await db.query(
    `SELECT m.conversation_id AS conversationId, m.seq, m.client_id AS clientId, m.sender_id AS senderId, m.sender_name AS senderName,
       m.from_staff AS fromStaff, m.text, m.link, m.sent_at AS sentAt
     FROM messages m ${rest}`,
    values,
  )) as Row[];
  return rows.map(({ fromStaff, sentAt, ...row }) => ({ ...row, fromStaff: Boolean(fromStaff), sentAtMs: sentAt.getTime() }));
}

const DUPLICATE = 1062;

async function findSent(pool: Pool, { senderId, clientId }: NewMessage): Promise<ChatMessage | null> {
  return (await readMessages(pool, 'WHERE m.sender_id = ? AND m.client_id = ?', [senderId, clientId]))[0] ?? null;
}

/** The same sender's same client id is the same message: it is answered as it was stored, `isNew` says which it was. */
export async function storeMessage(pool: Pool, message: NewMessage): Promise<{ message: ChatMessage; isNew: boolean }> {
  const known = await findSent(pool, message);
  if (known) return { message: known, isNew: false };
  try {
    return { message: { ...message, seq: await insertMessage(pool, message) }, isNew: true };
  } catch (err) {
    // It was sent twice at once.
    const twin = (err as { errno?: number }).errno === DUPLICATE ? await findSent(pool, message) : null;
    if (twin === null) throw err;
    return { message: twin, isNew: false };
  }
}

function insertMessage(pool: Pool, message: NewMessage): Promise<number> {
  const { conversationId, senderId, senderName, fromStaff, clientId, text, link, sentAtMs } = message;
  return inTransaction(pool, async (connection) => {
    // Holds the conversation until the commit, so that numbers are committed in their order.
    const { insertId: seq }: { insertId: number } = await connection.query(
      `INSERT INTO conversations (tenancy_id, last_seq) VALUES (?, LAST_INSERT_ID(1))
       ON DUPLICATE KEY UPDATE last_seq = LAST_INSERT_ID(last_seq + 1)`,
      [conversationId],
    );
    await connection.query(
      `INSERT INTO messages (conversation_id, seq, sender_id, sender_name, from_staff, client_id, text, link, sent_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [conversationId, seq, senderId, senderName, fromStaff, clientId, text, link, sqlTime(sentAtMs)],
    );
    return seq;
  });
}

/** Oldest first: those after a position, or else those before one. */
export async function listMessages(
  pool: Pool,
  conversationId: number,
  { afterSeq, beforeSeq, limit }: { afterSeq: number | null; beforeSeq: number | null; limit: number },
): Promise<ChatMessage[]> {
  if (afterSeq !== null) {
    return readMessages(pool, 'WHERE m.conversation_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?', [conversationId, afterSeq, limit]);
  }
  const before = beforeSeq === null ? [] : [beforeSeq];
  const rest = `WHERE m.conversation_id = ? ${beforeSeq === null ? '' : 'AND m.seq < ?'} ORDER BY m.seq DESC LIMIT ?`;
  return (await readMessages(pool, rest, [conversationId, ...before, limit])).toReversed();
}

/** Answers whether it told something new; nobody receives or reads what is not written yet. */
export async function storeMark(
  pool: Pool,
  { conversationId, userId, kind, seq, atMs }: { conversationId: number; userId: number; kind: MarkKind; seq: number; atMs: number },
): Promise<boolean> {
  const [known]: { lastSeq: number; seq: number | null }[] = await pool.query(
    `SELECT c.last_seq AS lastSeq, (SELECT MAX(seq) FROM message_marks WHERE conversation_id = ? AND user_id = ? AND kind = ?) AS seq
     FROM conversations c WHERE c.tenancy_id = ?`,
    [conversationId, userId, kind, conversationId],
  );
  const upTo = Math.min(seq, known?.lastSeq ?? 0);
  if (upTo <= (known?.seq ?? 0)) return false;
  await pool.query(
    'INSERT INTO message_marks (conversation_id, user_id, kind, seq, at) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE at = at',
    [conversationId, userId, kind, upTo, sqlTime(atMs)],
  );
  return true;
}

interface StaffColumn {
  fromStaff: number;
}

// Of marks `m`: whoever is not of the party.
const FROM_STAFF =
  'NOT EXISTS (SELECT 1 FROM tenancy_users tu WHERE tu.tenancy_id = m.conversation_id AND tu.user_id = m.user_id) AS fromStaff';

/** How far each person is in these conversations. */
export async function listMarks(pool: Pool, conversationIds: readonly number[]): Promise<ChatMark[]> {
  if (conversationIds.length === 0) return [];
  const rows: (Pick<ChatMark, 'conversationId' | 'userId' | 'userName'> & StaffColumn & { kind: MarkKind; seq: number })[] =
    await pool.query(
      `SELECT m.conversation_id AS conversationId, m.user_id AS userId, u.name AS userName, m.kind, m.seq, ${FROM_STAFF}
     FROM (SELECT conversation_id, user_id, kind, MAX(seq) AS seq FROM message_marks WHERE conversation_id IN (?)
           GROUP BY conversation_id, user_id, kind) m JOIN users u ON u.id = m.user_id`,
      [conversationIds],
    );
  const marks = new Map<string, ChatMark>();
  for (const { conversationId, userId, userName, fromStaff, kind, seq } of rows) {
    const key = `${conversationId} ${userId}`;
    const mark = marks.get(key) ?? { conversationId, userId, userName, fromStaff: Boolean(fromStaff), deliveredSeq: 0, readSeq: 0 };
    marks.set(key, kind === 'read' ? { ...mark, readSeq: seq } : { ...mark, deliveredSeq: seq });
  }
  return [...marks.values()];
}

/** What says when the messages of a stretch came to whom, by seq: the steps in it, and the first one after it. */
export async function listMarkSteps(pool: Pool, conversationId: number, fromSeq: number, toSeq: number): Promise<MarkStep[]> {
  const rows: (Omit<MarkStep, 'atMs' | 'fromStaff'> & StaffColumn & { at: Date })[] = await pool.query(
    `SELECT m.user_id AS userId, u.name AS userName, m.kind, m.seq, m.at, ${FROM_STAFF}
     FROM message_marks m JOIN users u ON u.id = m.user_id
       LEFT JOIN (SELECT user_id, kind, MIN(seq) AS seq FROM message_marks WHERE conversation_id = ? AND seq > ? GROUP BY user_id, kind) n
         ON n.user_id = m.user_id AND n.kind = m.kind AND n.seq = m.seq
     WHERE m.conversation_id = ? AND (m.seq BETWEEN ? AND ? OR n.seq IS NOT NULL) ORDER BY m.seq`,
    [conversationId, toSeq, conversationId, fromSeq, toSeq],
  );
  return rows.map(({ at, fromStaff, ...row }) => ({ ...row, fromStaff: Boolean(fromStaff), atMs: at.getTime() }));
}
