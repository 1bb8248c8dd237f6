import type { Connection, Pool } from 'mariadb';
import { groupBy } from '../domain/group-by.ts';
import type { Asked, StateChange } from '../domain/meter-state.ts';
import type { Outcome, ReadingRow } from '../domain/outcome.ts';
import { deadlineOf } from '../domain/slot.ts';
import { markLate } from './dirty-windows.ts';
import { freeSlots, recordGaps } from './gaps.ts';
import { tellSilence, type ToTell } from './incidents.ts';
import { applyStates } from './meter-states.ts';
import { insertReadings } from './readings.ts';
import { sqlTime } from './sql-time.ts';
import { inTransaction } from './transaction.ts';

export interface Recorded extends ToTell {
  changes: StateChange[];
}

function askedOf(outcome: Outcome): Asked {
  return outcome.kind === 'reading'
    ? { meterId: outcome.row.meterId, atMs: outcome.row.atMs, failure: null }
    : { meterId: outcome.gap.meterId, atMs: outcome.gap.fromMs, failure: outcome.gap };
}

/** An installation without a start begins with its meter's first value. */
async function startInstallations(connection: Connection, rows: readonly ReadingRow[]): Promise<void> {
  for (const { meterId, atMs, values } of rows) {
    await connection.query(
      `UPDATE installations SET from_at = ?, first_import_wh = COALESCE(first_import_wh, ?), first_export_wh = COALESCE(first_export_wh, ?)
       WHERE meter_id = ? AND running = 1 AND from_at IS NULL`,
      [sqlTime(atMs), values.import_active_energy_total ?? null, values.export_active_energy_total ?? null, meterId],
    );
  }
}

type ReadingOutcome = Extract<Outcome, { kind: 'reading' }>;

/** Where intervals may have been made without these: their next slot has begun before they were stored, or a newer one came first. */
function lateSpans(readings: readonly ReadingOutcome[], nowMs: number): { meterId: number; fromMs: number; toMs: number }[] {
  const late = readings.filter(({ nextSlotMs, isOutrun }) => isOutrun === true || nextSlotMs <= nowMs);
  return [...groupBy(late, ({ row }) => row.meterId)].map(([meterId, rows]) => ({
    meterId,
    fromMs: Math.min(...rows.map(({ row }) => Math.min(row.atMs, row.takenAtMs))),
    toMs: Math.max(...rows.map(({ row }) => Math.max(row.atMs, row.takenAtMs))) + 1,
  }));
}

/** Writes a batch whole or not at all; writing it again changes nothing. */
export function recordOutcomes(pool: Pool, outcomes: readonly Outcome[], nowMs: number): Promise<Recorded> {
  return inTransaction(pool, (connection) => recordOutcomesOn(connection, outcomes, nowMs));
}

/** The same within somebody else's transaction. */
export async function recordOutcomesOn(connection: Connection, outcomes: readonly Outcome[], nowMs: number): Promise<Recorded> {
  const readings = outcomes.filter((outcome) => outcome.kind === 'reading');
  const gaps = outcomes.filter((outcome) => outcome.kind === 'gap').map(({ gap }) => gap);

  // Somebody may be giving up these slots at this moment: the meter's lock decides who is first.
  const late = readings.filter(({ row, nextSlotMs }) => deadlineOf(row.atMs, nextSlotMs) <= nowMs).map(({ row }) => row.meterId);

  const changes = await applyStates(connection, outcomes.map(askedOf), late);
  await insertReadings(
    connection,
    readings.map(({ row }) => row),
  );
  await freeSlots(
    connection,
    readings.map(({ row, slotMs, nextSlotMs }) => ({ meterId: row.meterId, fromMs: slotMs ?? row.atMs, toMs: nextSlotMs })),
  );
  for (const [, round] of groupBy(gaps, (gap) => gap.fromMs)) await recordGaps(connection, round);
  await startInstallations(
    connection,
    readings.filter(({ startsInstallation }) => startsInstallation).map(({ row }) => row),
  );
  await markLate(connection, lateSpans(readings, nowMs));
  return { changes, ...(await tellSilence(connection, changes)) };
}
