import modbusSerial from 'modbus-serial';
import type { Pool } from 'mariadb';
import { groupBy } from '../../src/domain/group-by.ts';
import { BENCH_MODEL, type BenchMeter } from '../house/house.ts';

const COLUMNS = BENCH_MODEL.registers.map((register) => register.quantity).join(', ');

function valuesOf(registers: Buffer): number[] {
  return BENCH_MODEL.registers.map((_, i) => registers.readFloatBE(i * 4));
}

/** What a careful person would write by hand without jobs, checks or queues: all gateways at once, a wide insert per round. */
export async function bareLoop(pool: Pool, meters: readonly BenchMeter[], slots: readonly string[]): Promise<void> {
  const gateways = groupBy(meters, (meter) => meter.port);
  const clients = await Promise.all(
    [...gateways].map(async ([port, own]) => {
      const client = new modbusSerial.default();
      await client.connectTCP('127.0.0.1', { port });
      client.setTimeout(1_000);
      return { client, own };
    }),
  );
  for (const slot of slots) {
    const rows = await Promise.all(
      clients.map(async ({ client, own }) => {
        const read: string[] = [];
        for (const { meterId, unitId } of own) {
          client.setID(unitId);
          const { buffer } = await client.readInputRegisters(0, 40);
          read.push(`(${meterId}, '${slot}', '${slot}', ${valuesOf(buffer).join(', ')})`);
        }
        return read;
      }),
    );
    await pool.query(`INSERT INTO readings (meter_id, at, taken_at, ${COLUMNS}) VALUES ${rows.flat().join(', ')}`);
  }
  for (const { client } of clients) client.close(() => {});
}
