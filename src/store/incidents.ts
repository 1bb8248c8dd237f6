import type { Connection } from 'mariadb';
import type { StateChange } from '../domain/meter-state.ts';
import { queueMail } from './outbox.ts';
import { sqlTime } from './sql-time.ts';
import { tellIncidents } from './webhook-events.ts';

interface Place {
  meterId: number;
  serial: string;
  flat: string;
  line: string;
  buildingId: number;
  building: string;
  zone: string;
  language: string;
  recipients: string;
}

async function placesOf(connection: Connection, meterIds: number[]): Promise<Map<number, Place>> {
  const rows: Place[] = await connection.query(
    `SELECT m.id AS meterId, m.serial, f.name AS flat, l.name AS line, b.id AS buildingId, b.name AS building, b.zone, b.language, b.recipients
     FROM meters m
     JOIN installations i ON i.meter_id = m.id AND i.running = 1
     JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id JOIN buildings b ON b.id = f.building_id
     JOIN \`lines\` l ON l.id = i.line_id
     WHERE m.id IN (${meterIds.map(() => '?').join(', ')})`,
    meterIds,
  );
  return new Map(rows.map((row) => [row.meterId, row]));
}

function mailData(place: Place, change: StateChange) {
  return {
    meterId: place.meterId,
    serial: place.serial,
    flat: place.flat,
    line: place.line,
    building: place.building,
    zone: place.zone,
    reason: change.reason,
    detail: change.detail,
  };
}

interface OpenIncident {
  id: number;
  openedAt: Date;
}

// The meter's row is locked by the change of its state, so nobody else opens or closes at the same time.
async function openIncident(connection: Connection, subject: string): Promise<OpenIncident | undefined> {
  const rows: OpenIncident[] = await connection.query(
    `SELECT id, opened_at AS openedAt FROM incidents WHERE kind = 'meter-silent' AND subject = ? AND closed_at IS NULL`,
    [subject],
  );
  return rows[0];
}

interface Told {
  incidentId: number;
  mail: number | null;
}

async function tellSilent(connection: Connection, place: Place, change: StateChange): Promise<Told | null> {
  const subject = `meter-${change.meterId}`;
  if (await openIncident(connection, subject)) return null;
  const { insertId } = await connection.query(
    `INSERT INTO incidents (building_id, kind, subject, title, cause, opened_at) VALUES (?, 'meter-silent', ?, ?, ?, ?)`,
    [
      place.buildingId,
      subject,
      `${place.flat}: meter ${place.serial} does not answer`,
      `${change.reason}: ${change.detail}`.slice(0, 500),
      sqlTime(change.atMs),
    ],
  );
  const incidentId = Number(insertId);
  const mail = await queueMail(connection, {
    incidentId,
    template: 'meter-silent',
    language: place.language,
    recipients: place.recipients,
    data: { ...mailData(place, change), sinceMs: change.atMs },
  });
  return { incidentId, mail };
}

async function tellAnswers(connection: Connection, place: Place, change: StateChange): Promise<Told | null> {
  const incident = await openIncident(connection, `meter-${change.meterId}`);
  if (!incident) return null;
  await connection.query('UPDATE incidents SET closed_at = ? WHERE id = ?', [sqlTime(change.atMs), incident.id]);
  const mail = await queueMail(connection, {
    incidentId: incident.id,
    template: 'meter-answers',
    language: place.language,
    recipients: place.recipients,
    data: { ...mailData(place, change), sinceMs: incident.openedAt.getTime(), untilMs: change.atMs },
  });
  return { incidentId: incident.id, mail };
}

/** What is committed and must be handed on. */
export interface ToTell {
  /** Outbox rows for the mail queue. */
  mails: number[];
  /** How many events wait for receivers of webhooks. */
  events: number;
}

/**
 * Opens and closes the incident of each meter that fell silent or answers again, with its mail and what webhooks tell of it in
 * the same transaction: one mail for one cause.
 */
export async function tellSilence(connection: Connection, changes: readonly StateChange[]): Promise<ToTell> {
  // A new meter that answers for the first time was not missed by anyone.
  const worthTelling = changes.filter((change) => change.to === 'silent' || change.from.state === 'silent');
  if (worthTelling.length === 0) return { mails: [], events: 0 };
  const places = await placesOf(connection, [...new Set(worthTelling.map((change) => change.meterId))]);
  const mails: number[] = [];
  const opened: number[] = [];
  const closed: number[] = [];
  for (const change of worthTelling) {
    const place = places.get(change.meterId);
    if (!place) continue;
    const told = await (change.to === 'silent' ? tellSilent : tellAnswers)(connection, place, change);
    if (told === null) continue;
    if (told.mail !== null) mails.push(told.mail);
    (change.to === 'silent' ? opened : closed).push(told.incidentId);
  }
  const events = await tellIncidents(connection, 'incident.opened', opened);
  return { mails, events: events + (await tellIncidents(connection, 'incident.closed', closed)) };
}
