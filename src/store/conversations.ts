import type { Pool } from 'mariadb';
import type { ChatMessage } from '../domain/chat.ts';
import type { Reach } from '../domain/permission.ts';
import { cutPage, type Page, type PageRequest } from './page.ts';
import { readMessages } from './messages.ts';
import { sqlTime } from './sql-time.ts';

/** Whose conversations: what a right reaches, and the person for whom an own tenancy counts. */
export interface ChatScope {
  reach: Reach;
  userId: number;
}

/** There is one for each tenancy, with its id; the row comes with the first message. */
export interface Conversation {
  id: number;
  party: string;
  toAt: Date | null;
  flatId: number;
  flatName: string;
  buildingId: number;
  buildingName: string;
  lastSeq: number;
  /** Whoever is of the party writes for it, staff or not. */
  ofParty: boolean;
  members: number;
}

const OWN = 'EXISTS (SELECT 1 FROM tenancy_users mine WHERE mine.tenancy_id = t.id AND mine.user_id = ?)';
const WITHIN = `(? OR f.building_id IN (?) OR (? AND ${OWN}))`;

// `IN ()` is no SQL, and nothing has the id 0.
function list(ids: readonly number[]): readonly number[] {
  return ids.length === 0 ? [0] : ids;
}

function within({ reach, userId }: ChatScope): unknown[] {
  return [reach.everywhere, list(reach.buildingIds), reach.ownFlats.length > 0, userId];
}

// Without the cast COALESCE answers a decimal, which comes as text.
const CONVERSATIONS = `
  SELECT t.id, t.name AS party, t.to_at AS toAt, f.id AS flatId, f.name AS flatName, b.id AS buildingId, b.name AS buildingName,
    CAST(COALESCE(c.last_seq, 0) AS UNSIGNED) AS lastSeq, (? AND ${OWN}) AS ofParty,
    (SELECT COUNT(*) FROM tenancy_users tu JOIN users u ON u.id = tu.user_id WHERE tu.tenancy_id = t.id AND u.active = 1) AS members
  FROM tenancies t JOIN flats f ON f.id = t.flat_id JOIN buildings b ON b.id = f.building_id
    LEFT JOIN conversations c ON c.tenancy_id = t.id`;

type Row = Omit<Conversation, 'ofParty'> & { ofParty: number };

async function select(pool: Pool, scope: ChatScope, rest: string, values: unknown[]): Promise<Conversation[]> {
  const { reach, userId } = scope;
  const rows: Row[] = await pool.query(`${CONVERSATIONS} WHERE ${WITHIN} ${rest}`, [
    reach.ownFlats.length > 0,
    userId,
    ...within(scope),
    ...values,
  ]);
  return rows.map((row) => ({ ...row, ofParty: Boolean(row.ofParty) }));
}

/** Those of tenancies that have ended only if something was written. */
export async function listConversations(pool: Pool, scope: ChatScope, nowMs: number, page: PageRequest): Promise<Page<Conversation>> {
  const rest = 'AND t.id > ? AND (t.to_at IS NULL OR t.to_at > ? OR c.last_seq > 0) ORDER BY t.id LIMIT ?';
  return cutPage(await select(pool, scope, rest, [page.afterId, sqlTime(nowMs), page.limit + 1]), page);
}

export async function findConversation(pool: Pool, scope: ChatScope, id: number): Promise<Conversation | null> {
  return (await select(pool, scope, 'AND t.id = ?', [id]))[0] ?? null;
}

/** How far each conversation within sight is; of all, or of some. */
export async function conversationPositions(pool: Pool, scope: ChatScope, ids: readonly number[] | null): Promise<Map<number, number>> {
  const rows: { id: number; lastSeq: number }[] = await pool.query(
    `SELECT t.id, CAST(COALESCE(c.last_seq, 0) AS UNSIGNED) AS lastSeq
     FROM tenancies t JOIN flats f ON f.id = t.flat_id LEFT JOIN conversations c ON c.tenancy_id = t.id
     WHERE ${WITHIN} ${ids === null ? '' : 'AND t.id IN (?)'} ORDER BY t.id`,
    [...within(scope), ...(ids === null ? [] : [list(ids)])],
  );
  return new Map(rows.map(({ id, lastSeq }) => [id, lastSeq]));
}

/** The newest message of each. */
export async function lastMessages(pool: Pool, ids: readonly number[]): Promise<Map<number, ChatMessage>> {
  const messages = await readMessages(
    pool,
    'JOIN conversations c ON c.tenancy_id = m.conversation_id AND c.last_seq = m.seq WHERE c.tenancy_id IN (?)',
    [list(ids)],
  );
  return new Map(messages.map((message) => [message.conversationId, message]));
}

/** Messages of others that somebody has not read; for staff not those from before their time. */
export async function countUnread(pool: Pool, userId: number, ids: readonly number[]): Promise<Map<number, number>> {
  const rows: { id: number; unread: number }[] = await pool.query(
    `SELECT m.conversation_id AS id, COUNT(*) AS unread
     FROM messages m JOIN tenancies t ON t.id = m.conversation_id JOIN users u ON u.id = ?
       LEFT JOIN (SELECT conversation_id, MAX(seq) AS seq FROM message_marks WHERE user_id = ? AND kind = 'read' GROUP BY conversation_id) r
         ON r.conversation_id = m.conversation_id
     WHERE m.conversation_id IN (?) AND m.seq > COALESCE(r.seq, 0) AND (m.sender_id IS NULL OR m.sender_id <> u.id)
       AND (m.sent_at >= u.created_at OR ${OWN})
     GROUP BY m.conversation_id`,
    [userId, userId, list(ids), userId],
  );
  return new Map(rows.map(({ id, unread }) => [id, unread]));
}
