import type { Connection, Pool } from 'mariadb';
import type { StoredCounter } from './bills.ts';
import { sqlTime } from './sql-time.ts';

export interface BilledReading {
  meterId: number;
  atMs: number;
}

const BILLS_AT_ONCE = 500;
/** A counter of a bill stands at most a day beside its period. */
const NEAR_MS = 2 * 24 * 3_600_000;

/** The readings up to a moment whose counters stand on a bill, open or issued: as long as it is there, so are they. */
export async function billedReadings(db: Pick<Pool | Connection, 'query'>, untilMs: number): Promise<BilledReading[]> {
  const moments = new Map<string, Set<number>>();
  for (let afterId = 0; ;) {
    const bills: { id: number; meters: StoredCounter[] }[] = await db.query(
      'SELECT id, meters FROM bills WHERE id > ? AND from_at <= ? ORDER BY id LIMIT ?',
      [afterId, sqlTime(untilMs + NEAR_MS), BILLS_AT_ONCE],
    );
    for (const { serial, from, to } of bills.flatMap(({ meters }) => meters)) {
      for (const counter of [from, to]) {
        const atMs = counter === null ? Number.NaN : Date.parse(counter.at);
        if (!(atMs <= untilMs)) continue;
        const known = moments.get(serial) ?? new Set();
        moments.set(serial, known.add(atMs));
      }
    }
    if (bills.length < BILLS_AT_ONCE) break;
    afterId = bills.at(-1)?.id ?? afterId;
  }
  if (moments.size === 0) return [];
  const meters: { id: number; serial: string }[] = await db.query('SELECT id, serial FROM meters WHERE serial IN (?)', [
    [...moments.keys()],
  ]);
  return meters.flatMap(({ id, serial }) => [...(moments.get(serial) ?? [])].map((atMs) => ({ meterId: id, atMs })));
}
