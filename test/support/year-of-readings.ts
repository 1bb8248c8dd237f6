import type { Database } from '../../src/store/database.ts';
import { insertReadings } from '../../src/store/readings.ts';

const QUARTER_MS = 900_000;
/** In Berlin from the 2nd of January 2025 until the 1st of 2026. */
const YEAR = { fromMs: Date.UTC(2025, 0, 1, 23), toMs: Date.UTC(2026, 0, 1, 23) };

/** A year of quarter hours: 35,040 readings of voltages and power, no two days alike. */
export async function addYearOf({ pool }: Pick<Database, 'pool'>, meterId: number): Promise<void> {
  const rows = Array.from({ length: (YEAR.toMs - YEAR.fromMs) / QUARTER_MS }, (_, i) => {
    const atMs = YEAR.fromMs + i * QUARTER_MS;
    const volts = (phase: number) => 230 + 4 * Math.sin(i / 96 + phase) + 3 * Math.sin(i * 1.7 + phase) + ((i * 7919) % 100) / 100;
    const values = {
      voltage_l1: volts(0),
      voltage_l2: volts(2),
      voltage_l3: volts(4),
      active_power_total: 300 + 250 * Math.sin(i / 15) + ((i * 104_729) % 500),
    };
    return { meterId, atMs, takenAtMs: atMs + 40, latencyMs: 40, values, extra: null, refused: null };
  });
  await insertReadings(pool, rows);
}
