import { KEPT, sayKept, type KeptKind } from '../domain/retention.ts';
import type { Logger } from '../logger.ts';
import { recordActivity } from '../store/activities.ts';
import { giveUpImports } from '../store/data-imports.ts';
import { droppedUntil } from '../store/kept-from.ts';
import { dropOldestMonth } from '../store/old-partitions.ts';
import { dropOldOnceKeys } from '../store/once-keys.ts';
import { deleteOldRows } from '../store/old-rows.ts';
import { planDrop, readAllKept, type KeepingDeps } from './keeping.ts';

/** So long a file that was sent waits for somebody to go on. */
const UNFINISHED_MS = 2 * 24 * 3_600_000;
const ONCE_KEYS_MS = 24 * 3_600_000;

/** The job: what is older than it is to be kept goes, as far as nothing needs it. Answers what went. */
export async function dropOldData({ database, clock, log }: KeepingDeps & { log: Logger }): Promise<string[]> {
  const { pool, prisma } = database;
  const gone: string[] = [];
  for (const [kind, kept] of await readAllKept(database)) {
    const { beforeMs, months, rows, obstacles } = await planDrop(database, kind, kept, clock());
    if (beforeMs === null) continue;
    if (obstacles.length > 0) log.warn({ kind, obstacles }, 'old data stays: something needs it');
    if (kind === 'readings' || kind === 'intervals') {
      for (const month of months) {
        await dropOldestMonth(pool, kind, month);
        gone.push(`${KEPT[kind].label} up to ${day(month.untilMs)}, about ${month.rows} rows`);
      }
      if (kind === 'readings') gone.push(...(await dropGaps()));
    } else if (rows > 0) gone.push(`${await deleteOldRows(pool, kind, beforeMs)} ${nounOf(kind)} older than ${sayKept(kept)}`);
  }
  const waiting = await giveUpImports(pool, clock() - UNFINISHED_MS);
  if (waiting > 0) gone.push(`${waiting} files that nobody went on to import`);
  await dropOldOnceKeys(database, new Date(clock() - ONCE_KEYS_MS));
  for (const detail of gone) await recordActivity(prisma, null, { action: 'drop-old-data', subject: 'house', detail });
  if (gone.length > 0) log.info({ gone }, 'old data dropped');
  return gone;

  /** A gap says why a reading is missing: it goes with those around it. */
  async function dropGaps(): Promise<string[]> {
    const dropped = await droppedUntil(pool, 'readings');
    const gaps = dropped === null ? 0 : await deleteOldRows(pool, 'gaps', dropped.untilMs);
    return gaps === 0 ? [] : [`${gaps} gaps`];
  }
}

function nounOf(kind: KeptKind): string {
  return KEPT[kind].label.toLowerCase();
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
