import type { Pool } from 'mariadb';
import { sqlTime } from './sql-time.ts';

export interface CadenceProgress {
  tickedUntilMs: number | null;
  closedUntilMs: number | null;
}

export async function cadenceProgress(pool: Pool, pattern: string): Promise<CadenceProgress> {
  const rows: { ticked: Date | null; closed: Date | null }[] = await pool.query(
    'SELECT ticked_until AS ticked, closed_until AS closed FROM cadences WHERE pattern = ?',
    [pattern],
  );
  return { tickedUntilMs: rows[0]?.ticked?.getTime() ?? null, closedUntilMs: rows[0]?.closed?.getTime() ?? null };
}

/** Slots up to this one were scheduled. What came before the very first one is nobody's business. */
export async function raiseTicked(pool: Pool, pattern: string, slotMs: number): Promise<void> {
  await pool.query(
    `INSERT INTO cadences (pattern, ticked_until, closed_until) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE ticked_until = GREATEST(COALESCE(ticked_until, VALUES(ticked_until)), VALUES(ticked_until))`,
    [pattern, sqlTime(slotMs), sqlTime(slotMs - 1)],
  );
}

/** Every slot up to this one has a reading or a gap. */
export async function raiseClosed(pool: Pool, pattern: string, slotMs: number): Promise<void> {
  await pool.query('UPDATE cadences SET closed_until = GREATEST(closed_until, ?) WHERE pattern = ?', [sqlTime(slotMs), pattern]);
}

/** A rhythm that no meter uses any more is no longer overdue. */
export async function forgetCadence(pool: Pool, pattern: string): Promise<void> {
  await pool.query('DELETE FROM cadences WHERE pattern = ?', [pattern]);
}
