import type { Connection } from 'mariadb';
import { uncovered, unexplained, type Gap, type GapReason, type MissedSlots, type Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import { seenSlots } from './readings.ts';
import { sqlTime } from './sql-time.ts';

interface StoredGap extends Gap {
  id: number;
}

interface Unexplained {
  missed: MissedSlots;
  parts: Span[];
  /** The gap that ends where this one begins. */
  before: StoredGap | undefined;
}

function list(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

async function storedGaps(connection: Connection, meterIds: readonly number[], span: Span): Promise<StoredGap[]> {
  const rows: { id: number; meterId: number; fromAt: Date; toAt: Date; reason: GapReason; detail: string }[] = await connection.query(
    `SELECT id, meter_id AS meterId, from_at AS fromAt, to_at AS toAt, reason, detail FROM gaps
     WHERE meter_id IN (${list(meterIds)}) AND to_at >= ? AND from_at < ?`,
    [...meterIds, sqlTime(span.fromMs), sqlTime(span.toMs)],
  );
  return rows.map(({ fromAt, toAt, ...row }) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime() }));
}

function hull(spans: readonly Span[]): Span {
  return { fromMs: Math.min(...spans.map((span) => span.fromMs)), toMs: Math.max(...spans.map((span) => span.toMs)) };
}

async function findUnexplained(connection: Connection, missed: readonly MissedSlots[]): Promise<Unexplained[]> {
  const meterIds = [...new Set(missed.map((gap) => gap.meterId))];
  const span = hull(missed);
  const earlier = groupBy(await storedGaps(connection, meterIds, span), (gap) => gap.meterId);
  const read = await seenSlots(connection, { meterIds, ...span });
  return missed.flatMap((gap) => {
    const own = earlier.get(gap.meterId) ?? [];
    const parts = unexplained(gap, read.get(gap.meterId) ?? new Set(), own);
    return parts.length === 0 ? [] : [{ missed: gap, parts, before: own.find((stored) => stored.toMs === parts[0]?.fromMs) }];
  });
}

async function insertGap(connection: Connection, gap: Gap): Promise<void> {
  await connection.query('INSERT INTO gaps (meter_id, from_at, to_at, reason, detail) VALUES (?, ?, ?, ?, ?)', [
    gap.meterId,
    sqlTime(gap.fromMs),
    sqlTime(gap.toMs),
    gap.reason,
    gap.detail.slice(0, 500),
  ]);
}

async function writeUnexplained(connection: Connection, { missed, parts, before }: Unexplained): Promise<void> {
  for (const [i, part] of parts.entries()) {
    if (i === 0 && before?.reason === missed.reason) {
      await connection.query('UPDATE gaps SET to_at = ?, detail = ? WHERE id = ?', [
        sqlTime(part.toMs),
        missed.detail.slice(0, 500),
        before.id,
      ]);
    } else {
      await insertGap(connection, { ...missed, ...part });
    }
  }
}

/**
 * Records why slots were not read, inside the caller's transaction. What a reading or an earlier gap explains stays as
 * it is; a gap that goes on with the same reason grows. At most one span per meter in one call.
 */
export async function recordGaps(connection: Connection, missed: readonly MissedSlots[]): Promise<number> {
  if (missed.length === 0) return 0;
  const candidates = await findUnexplained(connection, missed);
  if (candidates.length === 0) return 0;
  // One writer of gaps per meter at a time; what another one wrote before we had the lock counts.
  const meterIds = candidates.map(({ missed: gap }) => gap.meterId).toSorted((a, b) => a - b);
  await connection.query(`SELECT id FROM meters WHERE id IN (${list(meterIds)}) ORDER BY id FOR UPDATE`, meterIds);
  const open = await findUnexplained(
    connection,
    candidates.map((candidate) => candidate.missed),
  );
  for (const each of open) await writeUnexplained(connection, each);
  return open.length;
}

/** Readings that arrive after their slots were given up: their slots leave the gaps. */
export async function freeSlots(connection: Connection, slots: readonly (Span & { meterId: number })[]): Promise<void> {
  if (slots.length === 0) return;
  const meterIds = [...new Set(slots.map((slot) => slot.meterId))].toSorted((a, b) => a - b);
  const stored = groupBy(await storedGaps(connection, meterIds, hull(slots)), (gap) => gap.meterId);
  for (const [meterId, own] of groupBy(slots, (slot) => slot.meterId)) {
    for (const gap of stored.get(meterId) ?? []) {
      const rest = uncovered(gap, own);
      if (rest.length === 1 && rest[0]?.fromMs === gap.fromMs && rest[0].toMs === gap.toMs) continue;
      await connection.query('DELETE FROM gaps WHERE id = ?', [gap.id]);
      for (const part of rest) await insertGap(connection, { ...gap, ...part });
    }
  }
}
