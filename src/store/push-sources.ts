import type { Connection, Pool } from 'mariadb';
import type { Pusher } from '../domain/pushed-message.ts';

/** Who has this token and may push; by the user name of the broker as well where there is one. */
export async function findPusher(db: Pick<Pool, 'query'>, tokenHash: string, name?: string): Promise<Pusher | null> {
  const rows: (Pusher & { name: string })[] = await db.query(
    'SELECT id, kind, reach, name FROM push_sources WHERE token_hash = ? AND active = 1',
    [tokenHash],
  );
  const [row] = rows;
  if (row === undefined || (name !== undefined && row.name !== name)) return null;
  return { id: row.id, kind: row.kind, reach: row.reach };
}

export async function buildingsOfSources(connection: Connection, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map();
  const rows: { id: number; buildingId: number }[] = await connection.query(
    'SELECT id, building_id AS buildingId FROM push_sources WHERE id IN (?)',
    [ids],
  );
  return new Map(rows.map(({ id, buildingId }) => [id, buildingId]));
}
