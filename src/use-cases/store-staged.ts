import type { Connection } from 'mariadb';
import type { ReadingRow } from '../domain/outcome.ts';
import type { Actor } from '../domain/permission.ts';
import { isQuantity, type Quantity } from '../domain/quantity.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { Conflict } from '../errors.ts';
import { writeActivity } from '../store/activities.ts';
import { markDirty, markLate } from '../store/dirty-windows.ts';
import { freeSlots } from '../store/gaps.ts';
import { importPlaces, lockPlaces, moveStart, type ImportPlace } from '../store/import-places.ts';
import type { StagedMeter, StagedMoment, Staging } from '../store/import-staging.ts';
import { insertReadings } from '../store/readings.ts';
import { transactOn } from '../store/transaction.ts';
import type { Checked } from './check-staged.ts';
import type { ImportFile, ImportReport, ImportRun } from './data-import.ts';

interface StoreInput extends Checked {
  columns: readonly Quantity[];
  /** What was looked at when the file was checked. */
  known: readonly ImportPlace[];
  file: ImportFile;
  report: ImportReport;
  run: ImportRun;
}

/** Readings of meters that are there, in one transaction with all that follows from them. */
export async function storeStaged(staging: Staging, actor: Actor, input: StoreInput): Promise<void> {
  const { meters, moves, known, file } = input;
  const { connection } = staging;
  await transactOn(connection, async () => {
    const stored = meters.map((meter) => ({ ...meter, columns: input.columns }));
    await storeReadings(staging, stored, input.run);
    const touched = new Set(meters.map(({ meterId }) => meterId));
    const own = known.filter(({ meterId }) => touched.has(meterId));
    // Last, so that nobody waits for the readings.
    await lockPlaces(connection, own);
    const now = await importPlaces(connection);
    if (JSON.stringify(now.filter(({ meterId }) => touched.has(meterId))) !== JSON.stringify(own)) {
      throw new Conflict('A meter of the file was placed elsewhere in the meantime: nothing was stored, run it again.');
    }
    for (const { place, ...start } of moves) {
      await moveStart(connection, { id: place.id, ...start });
      const toMs = Math.max(place.fromMs, ...meters.filter(({ meterId }) => meterId === place.meterId).map(({ lastMs }) => lastMs));
      await markDirty(connection, [{ pointId: place.pointId, fromMs: start.fromMs, toMs, cause: 'installation' }]);
    }
    const fresh = meters.filter(({ report }) => report.fresh > 0);
    await markLate(
      connection,
      fresh.map(({ meterId, firstMs, lastMs }) => ({ meterId, fromMs: firstMs, toMs: lastMs + 1 })),
    );
    const count = fresh.reduce((sum, { report }) => sum + report.fresh, 0);
    for (const buildingId of new Set(own.map((place) => place.buildingId))) {
      const detail = `${file.name}: ${count} readings of ${fresh.length} ${fresh.length === 1 ? 'meter' : 'meters'}`;
      await writeActivity(connection, actor, { action: 'import-readings', buildingId, detail });
    }
    await input.run.onStored?.(connection, input.report);
  });
}

interface StoredMeter extends Pick<StagedMeter, 'meter' | 'rows'> {
  meterId: number;
  /** What each staged value is: a quantity, or a name that is kept beside them. */
  columns: readonly string[];
}

/** Page by page in the order of the key. */
export async function storeReadings(staging: Staging, meters: readonly StoredMeter[], run: ImportRun): Promise<void> {
  const total = meters.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { meter, meterId, columns } of meters) {
    for await (const moments of staging.moments(meter)) {
      const rows = moments.map((moment) => readingOf(meterId, moment, columns));
      await insertReadings(staging.connection, rows);
      await leaveGaps(staging.connection, rows);
      done += moments.length;
      run.onProgress?.('storing', done, total);
    }
  }
}

/** Where a reading is, none is missing. */
async function leaveGaps(connection: Connection, rows: readonly ReadingRow[]): Promise<void> {
  const onGrid = rows.filter(({ atMs }) => atMs % QUARTER_HOUR_MS === 0);
  await freeSlots(
    connection,
    onGrid.map(({ meterId, atMs }) => ({ meterId, fromMs: atMs, toMs: atMs + QUARTER_HOUR_MS })),
  );
}

function readingOf(meterId: number, { atMs, values }: StagedMoment, columns: readonly string[]): ReadingRow {
  const known = columns.flatMap((name, place) => (values[place] == null ? [] : [[name, values[place]] as const]));
  const beside = known.filter(([name]) => !isQuantity(name));
  return {
    meterId,
    atMs,
    takenAtMs: atMs,
    latencyMs: null,
    values: Object.fromEntries(known.filter(([name]) => isQuantity(name))),
    extra: beside.length === 0 ? null : Object.fromEntries(beside),
    refused: null,
  };
}
