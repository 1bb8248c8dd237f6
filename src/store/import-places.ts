import type { Connection, Pool } from 'mariadb';
import type { Placement } from '../domain/installation.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

/** An installation as an import has to know it. */
export interface ImportPlace extends Placement {
  id: number;
  serial: string;
  flatId: number;
  flat: string;
  buildingId: number;
  building: string;
  zone: string;
  /** It begins with the first value of its meter, and none has come yet. */
  isOpenStart: boolean;
}

interface PlaceRow extends Omit<ImportPlace, 'fromMs' | 'toMs' | 'running' | 'isOpenStart'> {
  fromAt: Date | null;
  createdAt: Date;
  toAt: Date | null;
  running: number;
}

/** Every installation of the house, oldest first. */
export async function importPlaces(db: Queryable): Promise<ImportPlace[]> {
  const rows: PlaceRow[] = await db.query(
    `SELECT i.id, i.meter_id AS meterId, m.serial, i.point_id AS pointId, i.line_id AS lineId, i.unit_id AS unitId, f.id AS flatId,
       f.name AS flat, b.id AS buildingId, b.name AS building, b.zone, i.from_at AS fromAt, i.created_at AS createdAt, i.to_at AS toAt, i.running
     FROM installations i JOIN meters m ON m.id = i.meter_id JOIN points p ON p.id = i.point_id
     JOIN flats f ON f.id = p.flat_id JOIN buildings b ON b.id = f.building_id
     ORDER BY COALESCE(i.from_at, i.created_at), i.id`,
  );
  return rows.map(({ fromAt, createdAt, toAt, running, ...row }) => ({
    ...row,
    fromMs: (fromAt ?? createdAt).getTime(),
    toMs: toAt?.getTime() ?? null,
    running: Boolean(running),
    isOpenStart: fromAt === null,
  }));
}

/** Whoever places meters here waits until we are done. */
export async function lockPlaces(connection: Connection, places: readonly ImportPlace[]): Promise<void> {
  const locks = [
    ['flats', places.map(({ flatId }) => flatId)],
    ['lines', places.map(({ lineId }) => lineId)],
    ['meters', places.map(({ meterId }) => meterId)],
  ] as const;
  for (const [table, ids] of locks) {
    if (ids.length > 0) await connection.query(`SELECT id FROM \`${table}\` WHERE id IN (?) ORDER BY id FOR UPDATE`, [[...new Set(ids)]]);
  }
}

/** What its meter showed at the new start is the first counter; what was noted as such before belongs to another moment. */
export async function moveStart(
  connection: Connection,
  { id, fromMs, importWh, exportWh }: { id: number; fromMs: number; importWh: number | null; exportWh: number | null },
): Promise<void> {
  await connection.query('UPDATE installations SET from_at = ?, first_import_wh = ?, first_export_wh = ? WHERE id = ?', [
    sqlTime(fromMs),
    importWh,
    exportWh,
    id,
  ]);
}
