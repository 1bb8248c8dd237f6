import type { Connection, Pool } from 'mariadb';
import { sqlTime } from './sql-time.ts';

export interface NewMail {
  incidentId: number | null;
  template: string;
  language: string;
  /** Addresses separated by commas; empty: nobody wants it and no row is made. */
  recipients: string;
  data: Record<string, unknown>;
}

export interface OutboxMail extends Omit<NewMail, 'incidentId'> {
  id: number;
  sent: boolean;
}

/** Writes a mail that must leave, in the transaction of what it tells about. */
export async function queueMail(connection: Connection | Pool, mail: NewMail): Promise<number | null> {
  if (mail.recipients.trim() === '') return null;
  const { insertId } = await connection.query(
    'INSERT INTO mail_outbox (incident_id, template, language, recipients, data) VALUES (?, ?, ?, ?, ?)',
    [mail.incidentId, mail.template, mail.language, mail.recipients, JSON.stringify(mail.data)],
  );
  return Number(insertId);
}

export async function findMail(pool: Pool, id: number): Promise<OutboxMail | null> {
  const rows: { id: number; template: string; language: string; recipients: string; data: unknown; sentAt: Date | null }[] =
    await pool.query('SELECT id, template, language, recipients, data, sent_at AS sentAt FROM mail_outbox WHERE id = ?', [id]);
  const row = rows[0];
  if (!row) return null;
  const data = (typeof row.data === 'string' ? JSON.parse(row.data) : row.data) as Record<string, unknown>;
  return { id: row.id, template: row.template, language: row.language, recipients: row.recipients, data, sent: row.sentAt !== null };
}

export async function markSent(pool: Pool, id: number, atMs: number): Promise<void> {
  await pool.query(`UPDATE mail_outbox SET sent_at = ?, attempts = attempts + 1, last_error = '' WHERE id = ?`, [sqlTime(atMs), id]);
}

export async function markFailed(pool: Pool, id: number, error: string): Promise<void> {
  await pool.query('UPDATE mail_outbox SET attempts = attempts + 1, last_error = ? WHERE id = ?', [error.slice(0, 500), id]);
}

export async function deleteMail(pool: Pool, id: number): Promise<void> {
  await pool.query('DELETE FROM mail_outbox WHERE id = ? AND sent_at IS NULL', [id]);
}

/** Mails that should have been handed to the queue by now. */
export async function unsentMails(pool: Pool, olderThanMs: number, limit = 500): Promise<number[]> {
  const rows: { id: number }[] = await pool.query(
    'SELECT id FROM mail_outbox WHERE sent_at IS NULL AND created_at <= ? ORDER BY attempts, id LIMIT ?',
    [sqlTime(olderThanMs), limit],
  );
  return rows.map((row) => row.id);
}

/** What the last mail with this report said. */
export async function newestMailOfReport(pool: Pool, reportId: number): Promise<Record<string, unknown> | null> {
  const rows: { data: unknown }[] = await pool.query(
    `SELECT data FROM mail_outbox WHERE template = 'monthly-sheet' AND JSON_EXTRACT(data, '$.reportId') = ? ORDER BY id DESC LIMIT 1`,
    [reportId],
  );
  const data = rows[0]?.data;
  return data === undefined ? null : ((typeof data === 'string' ? JSON.parse(data) : data) as Record<string, unknown>);
}
