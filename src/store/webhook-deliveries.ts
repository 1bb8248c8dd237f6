import { randomUUID } from 'node:crypto';
import type { Connection, Pool } from 'mariadb';
import type { DeliveryType, ToldEvent } from '../domain/webhook.ts';
import { sqlTime } from './sql-time.ts';
import type { WaitingEvents } from './webhook-events.ts';

/** A delivery that is due, and which attempt it would be. */
export interface DueDelivery {
  id: number;
  attempts: number;
}

/** Puts the oldest waiting events of one receiver and type into a delivery; null where somebody else took them meanwhile. */
export async function gatherDelivery(
  connection: Connection,
  { webhookId, type }: WaitingEvents,
  { most, nowMs }: { most: number; nowMs: number },
): Promise<DueDelivery | null> {
  const rows: { id: number }[] = await connection.query(
    'SELECT id FROM webhook_events WHERE delivery_id IS NULL AND webhook_id = ? AND type = ? ORDER BY id LIMIT ?',
    [webhookId, type, most],
  );
  if (rows.length === 0) return null;
  const now = sqlTime(nowMs);
  const { insertId } = await connection.query(
    'INSERT INTO webhook_deliveries (webhook_id, uid, type, created_at, next_at) VALUES (?, ?, ?, ?, ?)',
    [webhookId, randomUUID(), type, now, now],
  );
  const id = Number(insertId);
  const { affectedRows } = await connection.query('UPDATE webhook_events SET delivery_id = ? WHERE delivery_id IS NULL AND id IN (?)', [
    id,
    rows.map((row) => row.id),
  ]);
  if (affectedRows > 0) return { id, attempts: 0 };
  await connection.query('DELETE FROM webhook_deliveries WHERE id = ?', [id]);
  return null;
}

export async function dueDeliveries(db: Pick<Pool, 'query'>, beforeMs: number, limit = 500): Promise<DueDelivery[]> {
  return db.query(
    `SELECT id, attempts FROM webhook_deliveries WHERE state = 'waiting' AND next_at <= ? ORDER BY attempts, next_at, id LIMIT ?`,
    [sqlTime(beforeMs), limit],
  );
}

export interface Delivery {
  id: number;
  uid: string;
  type: DeliveryType;
  attempts: number;
  webhookId: number;
  buildingId: number;
  url: string;
  sealedSecret: string;
  active: boolean;
  events: ToldEvent[];
}

/** Null: it is gone, or nothing more is to be sent. */
export async function findWaitingDelivery(db: Pick<Pool, 'query'>, id: number): Promise<Delivery | null> {
  const [row]: (Omit<Delivery, 'events' | 'active'> & { active: number })[] = await db.query(
    `SELECT d.id, d.uid, d.type, d.attempts, w.id AS webhookId, w.building_id AS buildingId, w.url, w.sealed_secret AS sealedSecret, w.active
     FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = ? AND d.state = 'waiting'`,
    [id],
  );
  if (row === undefined) return null;
  const events: { at: Date; data: unknown }[] = await db.query('SELECT at, data FROM webhook_events WHERE delivery_id = ? ORDER BY id', [
    id,
  ]);
  const parsed = events.map(({ at, data }) => ({ at, data: typeof data === 'string' ? JSON.parse(data) : data }));
  return { ...row, active: Number(row.active) === 1, events: parsed };
}

export interface Attempted {
  id: number;
  statusCode: number | null;
  reason: string;
  nowMs: number;
}

const MOST_CHARACTERS = 250;

export async function endDelivery(
  db: Pick<Pool, 'query'>,
  state: 'delivered' | 'given-up',
  { id, statusCode, reason, nowMs }: Attempted,
): Promise<void> {
  await db.query(
    `UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, status_code = ?, reason = ?, ended_at = ? WHERE id = ? AND state = 'waiting'`,
    [state, statusCode, reason.slice(0, MOST_CHARACTERS), sqlTime(nowMs), id],
  );
}

export async function postponeDelivery(
  db: Pick<Pool, 'query'>,
  { id, statusCode, reason, nowMs, pauseMs }: Attempted & { pauseMs: number },
): Promise<void> {
  await db.query(
    `UPDATE webhook_deliveries SET attempts = attempts + 1, status_code = ?, reason = ?, next_at = ? WHERE id = ? AND state = 'waiting'`,
    [statusCode, reason.slice(0, MOST_CHARACTERS), sqlTime(nowMs + pauseMs), id],
  );
}

/** Its receiver wants no more. */
export async function switchOffWebhook(connection: Connection, id: number, reason: string): Promise<void> {
  await connection.query('UPDATE webhooks SET active = 0, off_reason = ? WHERE id = ?', [reason.slice(0, MOST_CHARACTERS), id]);
}

/** Without a person. */
export async function noteDelivery(
  connection: Connection | Pool,
  { webhookId, buildingId, action, detail }: { webhookId: number; buildingId: number; action: string; detail: string },
): Promise<void> {
  await connection.query(
    "INSERT INTO activities (user_id, building_id, actor, action, subject, detail) VALUES (NULL, ?, 'system', ?, ?, ?)",
    [buildingId, action, `webhook-${webhookId}`, detail],
  );
}
