import type { Connection } from 'mariadb';

export interface DayListener {
  buildingId: number;
  zone: string;
  dayTold: string | null;
}

/** Nobody else tells this receiver a day until we are done; null: it wants none any more. */
export async function lockDayListener(connection: Connection, id: number): Promise<DayListener | null> {
  const [webhook]: Omit<DayListener, 'zone'>[] = await connection.query(
    `SELECT building_id AS buildingId, DATE_FORMAT(day_told, '%Y-%m-%d') AS dayTold FROM webhooks
     WHERE id = ? AND active = 1 AND FIND_IN_SET('day.values', events) > 0 FOR UPDATE`,
    [id],
  );
  if (webhook === undefined) return null;
  const [building]: { zone: string }[] = await connection.query('SELECT zone FROM buildings WHERE id = ?', [webhook.buildingId]);
  return building === undefined ? null : { ...webhook, ...building };
}

export async function setDayTold(connection: Connection, id: number, day: string): Promise<void> {
  await connection.query('UPDATE webhooks SET day_told = ? WHERE id = ?', [day, id]);
}

export interface PointOfBuilding {
  pointId: number;
  pointName: string;
  flatId: number;
  flatName: string;
}

export async function pointsOfBuilding(connection: Connection, buildingId: number): Promise<PointOfBuilding[]> {
  return connection.query(
    `SELECT p.id AS pointId, p.name AS pointName, f.id AS flatId, f.name AS flatName
     FROM points p JOIN flats f ON f.id = p.flat_id WHERE f.building_id = ? ORDER BY p.id`,
    [buildingId],
  );
}
