import type { ReadingRow } from '../../src/domain/outcome.ts';
import type { Database } from '../../src/store/database.ts';
import { insertReadings } from '../../src/store/readings.ts';

export const QUARTER_MS = 15 * 60_000;

/** Readings on the quarter hour: the counter at each, or null where there is none. */
export async function addCounters(
  database: Pick<Database, 'pool'>,
  meterId: number,
  startMs: number,
  counters: readonly (number | null)[],
  exportWh = 0,
): Promise<void> {
  const rows = counters.flatMap((importWh, index): ReadingRow[] => {
    if (importWh === null) return [];
    const atMs = startMs + index * QUARTER_MS;
    const values = { import_active_energy_total: importWh, export_active_energy_total: exportWh };
    return [{ meterId, atMs, takenAtMs: atMs + 40, latencyMs: 10, values, extra: null, refused: null }];
  });
  await insertReadings(database.pool, rows);
}
