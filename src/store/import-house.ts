import type { Connection, Pool } from 'mariadb';
import type { NewHouse } from '../domain/new-house.ts';
import { sqlTime } from './sql-time.ts';

async function insert(connection: Connection, table: string, row: Record<string, string | number | boolean | null>): Promise<number> {
  const names = Object.keys(row);
  const { insertId } = await connection.query(
    `INSERT INTO \`${table}\` (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(row),
  );
  return Number(insertId);
}

/** Everything of a new building, in the transaction of its readings. Answers its id, and the meters by their keys. */
export async function insertHouse(
  connection: Connection,
  { name, zone, flats }: NewHouse,
  { modelIds, nowMs }: { modelIds: ReadonlyMap<string, number>; nowMs: number },
): Promise<{ buildingId: number; meterIds: Map<number, number> }> {
  const buildingId = await insert(connection, 'buildings', { name, zone });
  const lineIds = new Map<string, number>();
  for (const line of linesOf(flats)) {
    lineIds.set(line, await insert(connection, 'lines', { building_id: buildingId, name: line, transport: 'push' }));
  }
  const meterIds = new Map<number, number>();
  for (const flat of flats) {
    const flatId = await insert(connection, 'flats', { building_id: buildingId, name: flat.name, kind: flat.kind });
    for (const point of flat.points) {
      const pointId = await insert(connection, 'points', { flat_id: flatId, name: point.name });
      for (const { key, serial, modelKey, line, unitId, fromMs, toMs, description = '', topic } of point.installations) {
        const isRunning = toMs === null;
        const meterId = await insert(connection, 'meters', {
          serial,
          model_id: modelIds.get(modelKey) ?? 0,
          description,
          state: isRunning ? 'new' : 'closed',
          state_since: sqlTime(toMs ?? nowMs),
          state_reason: isRunning ? '' : 'closed-by-hand',
        });
        meterIds.set(key, meterId);
        if (topic !== undefined) await insert(connection, 'meter_aliases', { meter_id: meterId, kind: 'topic', value: topic });
        await insert(connection, 'installations', {
          point_id: pointId,
          meter_id: meterId,
          line_id: lineIds.get(line) ?? 0,
          unit_id: unitId,
          from_at: fromMs === null ? null : sqlTime(fromMs),
          to_at: toMs === null ? null : sqlTime(toMs),
          running: isRunning,
        });
      }
    }
  }
  return { buildingId, meterIds };
}

export function linesOf(flats: NewHouse['flats']): Set<string> {
  return new Set(flats.flatMap(({ points }) => points.flatMap(({ installations }) => installations.map(({ line }) => line))));
}

export async function modelIdByKey(db: Pick<Pool, 'query'>, key: string): Promise<number | null> {
  const rows: { id: number }[] = await db.query('SELECT id FROM meter_models WHERE `key` = ?', [key]);
  return rows[0]?.id ?? null;
}

/** Of these serials, those that a meter of the house has already. */
export async function takenSerials(db: Pick<Pool, 'query'>, serials: readonly string[]): Promise<string[]> {
  if (serials.length === 0) return [];
  const rows: { serial: string }[] = await db.query('SELECT serial FROM meters WHERE serial IN (?)', [serials]);
  return rows.map(({ serial }) => serial);
}

export async function isBuildingName(db: Pick<Pool, 'query'>, name: string): Promise<boolean> {
  const rows: unknown[] = await db.query('SELECT 1 FROM buildings WHERE name = ?', [name]);
  return rows.length > 0;
}

const FILE_KEY = 'imported-file:';

/** The building that was made from a file of this hash, while it is there. */
export async function buildingOfFile(db: Pick<Pool | Connection, 'query'>, hash: string): Promise<string | null> {
  const rows: { name: string }[] = await db.query(
    'SELECT b.name FROM settings s JOIN buildings b ON b.id = CAST(s.value AS UNSIGNED) WHERE s.`key` = ?',
    [FILE_KEY + hash],
  );
  return rows[0]?.name ?? null;
}

export async function rememberFile(connection: Connection, hash: string, buildingId: number): Promise<void> {
  await connection.query(
    `INSERT INTO settings (\`key\`, value, updated_at) VALUES (?, ?, CURRENT_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`,
    [FILE_KEY + hash, String(buildingId)],
  );
}
