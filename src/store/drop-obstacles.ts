import type { Connection, Pool } from 'mariadb';
import { SOUND_MS } from './kept-from.ts';
import { sqlTime } from './sql-time.ts';

const DAY_MS = 24 * 3_600_000;
const SHOWN = 5;

/** Why nothing from before a moment may go yet, as sentences; none when all of it may. */
export async function dropObstacles(db: Pick<Pool | Connection, 'query'>, untilMs: number): Promise<string[]> {
  return [...(await unsettled(db, untilMs)), ...(await dirty(db, untilMs)), ...(await runs(db, untilMs))];
}

// So far beyond it, because what is made anew rests on readings and days before.
async function unsettled(db: Pick<Pool | Connection, 'query'>, untilMs: number): Promise<string[]> {
  const sound = sqlTime(untilMs + SOUND_MS);
  const rows: { building: string; flat: string; settledUntil: Date | null }[] = await db.query(
    `SELECT b.name AS building, f.name AS flat, p.settled_until AS settledUntil
     FROM points p JOIN flats f ON f.id = p.flat_id JOIN buildings b ON b.id = f.building_id JOIN installations i ON i.point_id = p.id
     WHERE COALESCE(i.from_at, i.created_at) < ?
     GROUP BY p.id, b.name, f.name, p.settled_until
     HAVING p.settled_until IS NULL OR p.settled_until < LEAST(?, MAX(COALESCE(i.to_at - INTERVAL 15 MINUTE, ?)))
     ORDER BY b.name, f.name LIMIT ?`,
    [sqlTime(untilMs), sound, sound, SHOWN],
  );
  return rows.map(
    ({ building, flat, settledUntil }) =>
      `${flat} in ${building} is settled ${settledUntil === null ? 'not at all' : `until ${day(settledUntil)} only`}: close its meter if it is gone.`,
  );
}

async function dirty(db: Pick<Pool | Connection, 'query'>, untilMs: number): Promise<string[]> {
  const [row] = await db.query('SELECT COUNT(DISTINCT point_id) AS points FROM dirty_windows WHERE from_at < ?', [
    sqlTime(untilMs + SOUND_MS),
  ]);
  const points = Number(row.points);
  if (points === 0) return [];
  return [`Energy of that time is still to be made anew at ${points === 1 ? '1 point' : `${points} points`}: the worker does it.`];
}

async function runs(db: Pick<Pool | Connection, 'query'>, untilMs: number): Promise<string[]> {
  const rows: { building: string; fromDay: Date; toDay: Date }[] = await db.query(
    `SELECT b.name AS building, r.from_day AS fromDay, r.to_day AS toDay FROM bill_runs r JOIN buildings b ON b.id = r.building_id
     WHERE r.from_day <= ? AND (r.state IN ('waiting', 'running')
       OR (r.state = 'done' AND EXISTS (SELECT 1 FROM bills WHERE bills.run_id = r.id AND bills.state = 'open')))
     ORDER BY r.from_day LIMIT ?`,
    [sqlTime(untilMs + DAY_MS).slice(0, 10), SHOWN],
  );
  return rows.map(
    ({ building, fromDay, toDay }) =>
      `The bills of ${building} from ${day(fromDay)} to ${day(toDay)} are not issued: issue or discard them.`,
  );
}

const day = (date: Date) => date.toISOString().slice(0, 10);
