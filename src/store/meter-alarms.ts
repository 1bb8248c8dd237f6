import type { Connection } from 'mariadb';
import { sqlTime } from './sql-time.ts';
import { tellIncidents } from './webhook-events.ts';

export interface MeterAlarms {
  meterId: number;
  atMs: number;
  alarms: readonly { name: string; meaning: string; on: boolean }[];
}

async function openAlarms(connection: Connection, subjects: readonly string[]): Promise<number[]> {
  if (subjects.length === 0) return [];
  const rows: { id: number }[] = await connection.query(
    `SELECT id FROM incidents WHERE kind = 'meter-alarm' AND closed_at IS NULL AND subject IN (?) ORDER BY id`,
    [subjects],
  );
  return rows.map(({ id }) => id);
}

/** An incident is open while its alarm is on. The later of two messages of a meter comes later. Answers how many events webhooks have to tell. */
export async function tellAlarms(connection: Connection, told: readonly MeterAlarms[]): Promise<number> {
  let events = 0;
  for (const { meterId, atMs, alarms } of told) {
    const at = sqlTime(atMs);
    const subject = (name: string) => `meter-${meterId}/${name}`;
    const over = await openAlarms(
      connection,
      alarms.filter(({ on }) => !on).map(({ name }) => subject(name)),
    );
    if (over.length > 0) await connection.query('UPDATE incidents SET closed_at = GREATEST(?, opened_at) WHERE id IN (?)', [at, over]);
    events += await tellIncidents(connection, 'incident.closed', over);
    const on = alarms.filter((alarm) => alarm.on);
    const subjects = on.map(({ name }) => subject(name));
    const before = new Set(await openAlarms(connection, subjects));
    for (const { name, meaning } of on) {
      // UNIQUE (kind, subject, open): one that is open already stays as it is.
      await connection.query(
        `INSERT INTO incidents (building_id, kind, subject, title, cause, opened_at)
         SELECT f.building_id, 'meter-alarm', ?, CONCAT(f.name, ': meter ', m.serial, ' reports ', ?), ?, ?
         FROM meters m JOIN installations i ON i.meter_id = m.id AND i.running = 1
         JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
         WHERE m.id = ?
         ON DUPLICATE KEY UPDATE incidents.kind = incidents.kind`,
        [subject(name), meaning, `The meter itself reports it, as ${name}.`, at, meterId],
      );
    }
    const opened = (await openAlarms(connection, subjects)).filter((id) => !before.has(id));
    events += await tellIncidents(connection, 'incident.opened', opened);
  }
  return events;
}
