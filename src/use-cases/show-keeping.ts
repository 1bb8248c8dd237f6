import { can, type Actor } from '../domain/permission.ts';
import { KEPT, type KeptKind, type KeptMonths, type KeptSpec } from '../domain/retention.ts';
import { NotFound } from '../errors.ts';
import { droppedUntil } from '../store/kept-from.ts';
import { storedMonths, type StoredMonth } from '../store/old-partitions.ts';
import { tableSizes, type TableSize } from '../store/old-rows.ts';
import { planDrop, readAllKept, type DropPlan, type KeepingDeps } from './keeping.ts';

export interface Keeping {
  kinds: (KeptSpec & { kind: KeptKind; kept: KeptMonths; next: DropPlan; droppedUntilMs: number | null })[];
  tables: TableSize[];
  months: Record<'readings' | 'intervals', StoredMonth[]>;
}

/** What is kept for how long, how large it is, and what the next run takes. */
export async function showKeeping({ database, clock }: KeepingDeps, actor: Actor): Promise<Keeping> {
  if (!can(actor, 'setting:read')) throw new NotFound();
  const { pool } = database;
  const kinds: Keeping['kinds'] = [];
  for (const [kind, kept] of await readAllKept(database)) {
    const next = await planDrop(database, kind, kept, clock());
    const dropped = kind === 'readings' || kind === 'intervals' ? await droppedUntil(pool, kind) : null;
    kinds.push({ ...KEPT[kind], kind, kept, next, droppedUntilMs: dropped?.untilMs ?? null });
  }
  const months = { readings: await storedMonths(pool, 'readings'), intervals: await storedMonths(pool, 'intervals') };
  return { kinds, tables: await tableSizes(pool), months };
}
