import type { Connection, Pool } from 'mariadb';
import { sqlTime } from './sql-time.ts';

/** Kinds of which single rows go, with the condition for one that is older. */
const OLD = {
  gaps: { table: 'gaps', where: 'to_at <= ?' },
  activities: { table: 'activities', where: 'at < ?' },
  mails: { table: 'mail_outbox', where: 'sent_at < ?' },
  incidents: { table: 'incidents', where: 'closed_at < ?' },
  // With the rows of whom they were told to.
  notifications: { table: 'notifications', where: 'at < ?' },
  messages: { table: 'inbound_messages', where: "state IN ('stored', 'noted') AND received_at < ?" },
  quarantine: { table: 'inbound_messages', where: "state IN ('refused', 'unknown-sender') AND received_at < ?" },
  // With the events that were in them.
  deliveries: { table: 'webhook_deliveries', where: 'ended_at < ?' },
} as const;
export type OldRows = keyof typeof OLD;

/** So few at once that nobody waits for them. */
const ROWS_AT_ONCE = 2_000;

export async function countOldRows(db: Pick<Pool, 'query'>, kind: OldRows, beforeMs: number): Promise<number> {
  const { table, where } = OLD[kind];
  const [row] = await db.query(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`, [sqlTime(beforeMs)]);
  return Number(row.n);
}

export async function deleteOldRows(db: Pick<Pool, 'query'>, kind: OldRows, beforeMs: number): Promise<number> {
  const { table, where } = OLD[kind];
  for (let deleted = 0; ;) {
    const { affectedRows } = await db.query(`DELETE FROM ${table} WHERE ${where} ORDER BY id LIMIT ${ROWS_AT_ONCE}`, [sqlTime(beforeMs)]);
    deleted += affectedRows;
    if (affectedRows < ROWS_AT_ONCE) return deleted;
  }
}

export interface TableSize {
  table: string;
  rows: number;
  bytes: number;
}

/** Every table, the largest first; rows as the server estimates them. */
export async function tableSizes(db: Pick<Pool | Connection, 'query'>): Promise<TableSize[]> {
  const rows: { name: string; n: number | null; bytes: number | null }[] = await db.query(
    `SELECT table_name AS name, table_rows AS n, data_length + index_length AS bytes FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY bytes DESC, table_name`,
  );
  return rows.map(({ name, n, bytes }) => ({ table: name, rows: Number(n ?? 0), bytes: Number(bytes ?? 0) }));
}
