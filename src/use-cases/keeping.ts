import { cutoffOf, KEPT_KINDS, parseKept, type KeptKind, type KeptMonths } from '../domain/retention.ts';
import type { Database } from '../store/database.ts';
import { dropObstacles } from '../store/drop-obstacles.ts';
import { storedMonths, type StoredMonth } from '../store/old-partitions.ts';
import { countOldRows } from '../store/old-rows.ts';
import { readSetting } from '../store/settings.ts';

export interface KeepingDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

export function settingOf(kind: KeptKind): string {
  return `keep:${kind}`;
}

export async function readKept({ prisma }: Pick<Database, 'prisma'>, kind: KeptKind): Promise<KeptMonths> {
  return parseKept(kind, await readSetting(prisma, settingOf(kind)));
}

export async function readAllKept(database: Pick<Database, 'prisma'>): Promise<Map<KeptKind, KeptMonths>> {
  const kept = new Map<KeptKind, KeptMonths>();
  for (const kind of KEPT_KINDS) kept.set(kind, await readKept(database, kind));
  return kept;
}

/** What the next run takes of a kind, and why it stops before its cutoff. */
export interface DropPlan {
  beforeMs: number | null;
  months: (StoredMonth & { untilMs: number })[];
  rows: number;
  bytes: number;
  obstacles: string[];
  /** With what stays only as long as something needs it. */
  dueRows: number;
}

/** Whole months from the oldest on, as far as nothing needs them; rows one by one for kinds that have no months. */
export async function planDrop({ pool }: Pick<Database, 'pool'>, kind: KeptKind, kept: KeptMonths, nowMs: number): Promise<DropPlan> {
  const beforeMs = cutoffOf(kept, nowMs);
  const plan: DropPlan = { beforeMs, months: [], rows: 0, bytes: 0, obstacles: [], dueRows: 0 };
  if (beforeMs === null) return plan;
  if (kind !== 'readings' && kind !== 'intervals') {
    const rows = await countOldRows(pool, kind, beforeMs);
    return { ...plan, rows, dueRows: rows };
  }
  for (const month of await storedMonths(pool, kind)) {
    const { untilMs } = month;
    if (untilMs === null || untilMs > beforeMs) break;
    plan.dueRows += month.rows;
    if (plan.obstacles.length === 0) plan.obstacles = await dropObstacles(pool, untilMs);
    if (plan.obstacles.length > 0) continue;
    plan.months.push({ ...month, untilMs });
    plan.rows += month.rows;
    plan.bytes += month.bytes;
  }
  return plan;
}
