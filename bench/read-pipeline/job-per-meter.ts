import { Queue, Worker } from 'bullmq';
import modbusSerial from 'modbus-serial';
import { camelName } from '../../src/domain/quantity.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { redisOptions } from '../../src/queue/redis.ts';
import type { Database } from '../../src/store/database.ts';
import { BENCH_MODEL, type BenchMeter } from '../house/house.ts';

const NAMES = BENCH_MODEL.registers.map((register) => ({ name: camelName(register.quantity), whole: register.counter !== null }));

interface Plain {
  redisUrl: string;
  /** BullMQ does one at a time unless it is told otherwise. */
  atOnce: number;
}

/** The obvious way with the prescribed parts: a job per meter and slot, a plain Prisma insert in each. */
export async function jobPerMeter(
  { prisma }: Database,
  { redisUrl, atOnce }: Plain,
  meters: readonly BenchMeter[],
  slots: readonly string[],
): Promise<void> {
  const connection = { ...redisOptions(redisUrl), maxRetriesPerRequest: null };
  const queue = new Queue('bench-plain', { connection });
  const lines = new Map<number, { client: InstanceType<typeof modbusSerial.default>; turn: Promise<unknown> }>();
  for (const [port] of groupBy(meters, (meter) => meter.port)) {
    const client = new modbusSerial.default();
    await client.connectTCP('127.0.0.1', { port });
    client.setTimeout(1_000);
    lines.set(port, { client, turn: Promise.resolve() });
  }

  async function read({ port, unitId }: BenchMeter): Promise<Buffer> {
    const line = lines.get(port);
    if (!line) throw new Error(`no line ${port}`);
    const answer = line.turn.then(() => {
      line.client.setID(unitId);
      return line.client.readInputRegisters(0, 40);
    });
    line.turn = answer.catch(() => {});
    return (await answer).buffer;
  }

  let left = meters.length * slots.length;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const worker = new Worker<{ meter: BenchMeter; slot: string }>(
    'bench-plain',
    async ({ data: { meter, slot } }) => {
      const buffer = await read(meter);
      const values = Object.fromEntries(
        NAMES.map(({ name, whole }, i) => [
          name,
          whole ? BigInt(Math.round(buffer.readFloatBE(i * 4) * 1_000)) : buffer.readFloatBE(i * 4),
        ]),
      );
      const at = new Date(`${slot.replace(' ', 'T')}Z`);
      await prisma.reading.create({ data: { meterId: meter.meterId, at, takenAt: at, ...values } as Prisma.ReadingCreateInput });
    },
    { connection, concurrency: atOnce, removeOnComplete: { count: 200 } },
  );
  worker.on('completed', () => {
    left -= 1;
    if (left === 0) finish();
  });
  for (const slot of slots) {
    await queue.addBulk(meters.map((meter) => ({ name: 'read', data: { meter, slot }, opts: { removeOnComplete: { count: 200 } } })));
  }
  await finished;
  await worker.close();
  await queue.close();
  for (const { client } of lines.values()) client.close(() => {});
}
