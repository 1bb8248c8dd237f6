import type { Connection } from 'mariadb';
import { stateChanges, type Asked, type MeterStanding, type StateChange } from '../domain/meter-state.ts';
import { sqlTime } from './sql-time.ts';

interface StandingRow {
  meterId: number;
  state: MeterStanding['state'];
  since: Date | null;
}

function list(ids: readonly number[]): string {
  return ids.map(() => '?').join(', ');
}

/** A failure that is older than a reading of its meter, or of the same slot, comes too late to say anything. */
async function withoutOutdated(connection: Connection, asked: readonly Asked[]): Promise<Asked[]> {
  const failures = asked.filter(({ failure }) => failure);
  if (failures.length === 0) return [...asked];
  const ids = [...new Set(failures.map(({ meterId }) => meterId))];
  const rows: { meterId: number; newest: Date }[] = await connection.query(
    `SELECT meter_id AS meterId, MAX(at) AS newest FROM readings WHERE meter_id IN (${list(ids)}) AND at >= ? GROUP BY meter_id`,
    [...ids, sqlTime(Math.min(...failures.map(({ atMs }) => atMs)))],
  );
  const newestMs = new Map(rows.map((row) => [row.meterId, row.newest.getTime()]));
  return asked.filter(({ meterId, atMs, failure }) => !failure || atMs > (newestMs.get(meterId) ?? -Infinity));
}

/**
 * Brings the meters' states up to date and locks only those that may change, and `alsoLock` with them. Raw SQL leaves
 * `updated_at` alone: a state is no configuration, so nobody has to load the fleet anew.
 */
export async function applyStates(connection: Connection, all: readonly Asked[], alsoLock: readonly number[]): Promise<StateChange[]> {
  const asked = await withoutOutdated(connection, all);
  const ids = [...new Set(asked.map(({ meterId }) => meterId))].toSorted((a, b) => a - b);
  const failed = new Set(asked.filter(({ failure }) => failure).map(({ meterId }) => meterId));
  const answered = ids.filter((id) => !failed.has(id));
  const candidates: number[] = [...failed, ...alsoLock];
  if (answered.length > 0) {
    const rows: { id: number }[] = await connection.query(
      `SELECT id FROM meters WHERE id IN (${list(answered)}) AND state <> 'ok'`,
      answered,
    );
    candidates.push(...rows.map((row) => row.id));
  }
  if (candidates.length === 0) return [];

  const rows: StandingRow[] = await connection.query(
    `SELECT id AS meterId, state, state_since AS since FROM meters WHERE id IN (${list(candidates)}) ORDER BY id FOR UPDATE`,
    candidates,
  );
  const standings = rows.map(({ meterId, state, since }) => ({ meterId, state, sinceMs: since?.getTime() ?? null }));
  const changes = stateChanges(standings, asked);
  for (const { meterId, to, atMs, reason, detail } of changes) {
    await connection.query(
      'UPDATE meters SET state = ?, state_since = ?, state_reason = ?, state_detail = ?, updated_at = updated_at WHERE id = ?',
      [to, sqlTime(atMs), reason, detail.slice(0, 500), meterId],
    );
  }
  return changes;
}
