import type { Connection } from 'mariadb';
import { sqlTime } from './sql-time.ts';

export interface MeterAlarms {
  meterId: number;
  atMs: number;
  alarms: readonly { name: string; meaning: string; on: boolean }[];
}

/** An incident is open while its alarm is on. The later of two messages of a meter comes later. */
export async function tellAlarms(connection: Connection, told: readonly MeterAlarms[]): Promise<void> {
  for (const { meterId, atMs, alarms } of told) {
    const at = sqlTime(atMs);
    const subject = (name: string) => `meter-${meterId}/${name}`;
    const off = alarms.filter(({ on }) => !on);
    if (off.length > 0) {
      await connection.query(
        `UPDATE incidents SET closed_at = GREATEST(?, opened_at) WHERE kind = 'meter-alarm' AND closed_at IS NULL AND subject IN (?)`,
        [at, off.map(({ name }) => subject(name))],
      );
    }
    for (const { name, meaning } of alarms.filter(({ on }) => on)) {
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
  }
}
