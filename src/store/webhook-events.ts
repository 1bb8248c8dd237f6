import type { Connection, Pool } from 'mariadb';
import { incidentFact, type IncidentFact } from '../domain/incident-fact.ts';
import type { DeliveryType, WebhookEvent } from '../domain/webhook.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

export interface NewEvent {
  webhookId: number;
  type: DeliveryType;
  /** What it is about, such as incident-17: a receiver is told of it once. */
  about: string;
  atMs: number;
  data: object;
}

const ROWS_AT_ONCE = 500;

function inParts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / ROWS_AT_ONCE) }, (_, part) =>
    all.slice(part * ROWS_AT_ONCE, (part + 1) * ROWS_AT_ONCE),
  );
}

/** In the transaction of what it tells about. */
export async function insertEvents(connection: Connection, events: readonly NewEvent[]): Promise<void> {
  for (const part of inParts(events)) {
    await connection.query(
      `INSERT INTO webhook_events (webhook_id, type, about, at, data) VALUES ${part.map(() => '(?, ?, ?, ?, ?)').join()}
       ON DUPLICATE KEY UPDATE webhook_id = VALUES(webhook_id)`,
      part.flatMap(({ webhookId, type, about, atMs, data }) => [webhookId, type, about, sqlTime(atMs), JSON.stringify(data)]),
    );
  }
}

type IncidentEvent = Extract<WebhookEvent, 'incident.opened' | 'incident.closed'>;

function incidentEvent(webhookId: number, type: IncidentEvent, incident: IncidentFact): NewEvent {
  const at = (type === 'incident.closed' ? incident.closedAt : null) ?? incident.openedAt;
  return { webhookId, type, about: `incident-${incident.id}`, atMs: at.getTime(), data: incidentFact(incident) };
}

/** Whoever wants to know that these incidents were opened or closed. Answers how many events there are now to tell. */
export async function tellIncidents(connection: Connection, type: IncidentEvent, incidentIds: readonly number[]): Promise<number> {
  let told = 0;
  for (const ids of inParts(incidentIds)) {
    const rows: (IncidentFact & { webhookId: number })[] = await connection.query(
      `SELECT w.id AS webhookId, i.id, i.building_id AS buildingId, i.kind, i.subject, i.title, i.cause, i.opened_at AS openedAt,
         i.closed_at AS closedAt, i.acknowledged_at AS acknowledgedAt, i.acknowledged_by AS acknowledgedBy
       FROM incidents i JOIN webhooks w ON w.building_id = i.building_id
       WHERE i.id IN (?) AND w.active = 1 AND FIND_IN_SET(?, w.events) > 0
       ORDER BY i.id, w.id`,
      [ids, type],
    );
    await insertEvents(
      connection,
      rows.map(({ webhookId, ...incident }) => incidentEvent(webhookId, type, incident)),
    );
    told += rows.length;
  }
  return told;
}

/** The same where the transaction is one of Prisma. */
export async function tellClosed(db: Db, incidents: readonly IncidentFact[]): Promise<void> {
  for (const incident of incidents) {
    if (incident.buildingId === null) continue;
    const at = incident.closedAt ?? incident.openedAt;
    await tellBuilding(db, incident.buildingId, 'incident.closed', async () => [
      { about: `incident-${incident.id}`, at, data: incidentFact(incident) },
    ]);
  }
}

/** Whoever wants to know of something in a building; it is read only where somebody does. */
export async function tellBuilding(
  db: Db,
  buildingId: number,
  type: WebhookEvent,
  read: () => Promise<{ about: string; at: Date; data: object }[]>,
): Promise<void> {
  const listeners = await db.webhook.findMany({ where: { buildingId, active: true, events: { contains: type } }, select: { id: true } });
  if (listeners.length === 0) return;
  const events = await read();
  const rows = listeners.flatMap(({ id }) =>
    events.map(({ about, at, data }) => Prisma.sql`(${id}, ${type}, ${about}, ${sqlTime(at.getTime())}, ${JSON.stringify(data)})`),
  );
  for (const part of inParts(rows)) {
    await db.$executeRaw`INSERT INTO webhook_events (webhook_id, type, about, at, data) VALUES ${Prisma.join(part)}
      ON DUPLICATE KEY UPDATE webhook_id = VALUES(webhook_id)`;
  }
}

export interface WaitingEvents {
  webhookId: number;
  type: DeliveryType;
}

/** What was written and is in no delivery yet. */
export async function waitingEvents(db: Pick<Pool, 'query'>, limit = 100): Promise<WaitingEvents[]> {
  return db.query(
    `SELECT webhook_id AS webhookId, type FROM webhook_events WHERE delivery_id IS NULL
     GROUP BY webhook_id, type ORDER BY MIN(id) LIMIT ?`,
    [limit],
  );
}
