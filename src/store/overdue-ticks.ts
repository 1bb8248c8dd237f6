import { parseCadence } from '../domain/slot.ts';
import type { Db } from './prisma-transaction.ts';

/** Rhythms whose next tick is late by two periods; time before `startedMs` does not count, for then nobody was there to tick. */
export async function overdueTicks(db: Db, options: { startedMs: number; nowMs: number }): Promise<string[]> {
  const rows = await db.cadence.findMany();
  return rows.flatMap(({ pattern, tickedUntil }) => {
    const parsed = parseCadence(pattern);
    if (!parsed.ok) return [pattern];
    const { after } = parsed.cadence;
    // A tick from the future: the clock went back, and what stands there hides that nothing ticks.
    if (tickedUntil !== null && tickedUntil.getTime() > after(options.nowMs)) return [pattern];
    const dueMs = after(Math.max(tickedUntil?.getTime() ?? 0, options.startedMs));
    return after(after(dueMs)) <= options.nowMs ? [pattern] : [];
  });
}
