import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMariadb, type PrivateMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis, type PrivateRedis } from '../../src/embedded/redis.ts';
import { findHolders } from '../../src/queue/lease.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { household } from '../../src/simulator/household.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';
import { loadModel } from './meter-models.ts';
import { eventually } from './running.ts';
import { addSmallBuilding, type SmallBuilding } from './small-building.ts';

const COMMAND = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));
const SLOT_MS = 2_000;

export type RoleName = 'scheduler' | 'poller' | 'worker';

export interface FaultyHouse {
  house: SmallBuilding;
  redisUrl: string;
  ledger: Ledger;
  virtual: VirtualMeters;
  database: Database;
  kill(what: RoleName | 'mariadb' | 'redis'): Promise<void>;
  start(what: RoleName | 'mariadb' | 'redis'): Promise<void>;
  /** So many slots go by. */
  slots(count: number): Promise<void>;
  /** Waits until every slot up to now is explained, then judges each by the ledger. */
  judge(): Promise<Verdict>;
  close(): Promise<void>;
}

export interface Verdict {
  slots: number;
  read: number;
  /** Slots explained by a gap, by its reason. */
  gaps: Record<string, number>;
  /** Everything that is not as promised. */
  wrong: string[];
}

function float32Words(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}

/** At a first start it waits for somebody who might hold it: no slot is asked of it before. */
async function pollerHoldsItsLease(redisUrl: string): Promise<void> {
  const redis = openRedis(redisUrl);
  try {
    await eventually(
      () => findHolders(redis, ['main']),
      (holders) => holders.size === 1,
    );
  } finally {
    redis.disconnect();
  }
}

/** A house with its own servers and processes, a slot each two seconds, and a simulator that keeps the ledger. */
export async function openFaultyHouse(meters: number): Promise<FaultyHouse> {
  if (!existsSync(COMMAND)) throw new Error('dist/ is not built: npm run test:faults builds it');
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-faults-'));
  const searchPath = process.env['PATH'] ?? '';
  const ledger = new Ledger();
  const servers: { mariadb: PrivateMariadb; redis: PrivateRedis } = {
    mariadb: await startMariadb(folder, { searchPath, bufferPoolMb: 64 }),
    redis: await startRedis(folder, { searchPath }),
  };
  const databaseUrl = servers.mariadb.url('wattbook');
  const redisUrl = servers.redis.url();
  await migrate(databaseUrl);
  const model = loadModel('eastron-sdm120');
  const profile = household({ kind: 'household', temperament: 'family', areaM2: 80, seed: 3 }, 'Europe/Berlin');
  const virtual = await startVirtualMeters(
    Array.from({ length: meters }, (_, i) => ({ serial: `Test house ${i + 1}`, port: 0, unitId: i + 1, model, profile })),
    { clock: Date.now, ledger },
  );
  const database = openDatabase(databaseUrl);
  // Of a minute ago: its quarter hours before are nobody's to settle.
  const fromAt = new Date(Date.now() - 60_000);
  const house = await addSmallBuilding(database, { port: virtual.ports[0] ?? 0, meters, fromAt });
  const roles = new Map<RoleName, ChildProcess>();

  async function start(what: RoleName | 'mariadb' | 'redis'): Promise<void> {
    if (what === 'mariadb') servers.mariadb = await startMariadb(folder, { searchPath, bufferPoolMb: 64 });
    else if (what === 'redis') servers.redis = await startRedis(folder, { searchPath });
    else {
      const child = fork(COMMAND, [what], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          REDIS_URL: redisUrl,
          SMTP_URL: 'smtp://127.0.0.1:9',
          READ_CRON: `${SLOT_MS / 1_000}s`,
          LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
        },
      });
      roles.set(what, child);
      await once(child, 'message');
    }
  }

  async function kill(what: RoleName | 'mariadb' | 'redis'): Promise<void> {
    if (what === 'mariadb' || what === 'redis') {
      process.kill(servers[what].pid, 'SIGKILL');
      await servers[what].ended;
      return;
    }
    const child = roles.get(what);
    if (!child) throw new Error(`${what} does not run`);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    roles.delete(what);
  }

  async function judge(): Promise<Verdict> {
    const endMs = Math.floor(Date.now() / SLOT_MS) * SLOT_MS;
    const verdict: Verdict = { slots: 0, read: 0, gaps: {}, wrong: [] };
    // The reconciler gives up what nobody read some time after its deadline, once the queue is drained.
    await eventually(
      async () => {
        const rows = await database.prisma.cadence.findMany();
        return rows[0]?.closedUntil?.getTime() ?? 0;
      },
      (closedMs) => closedMs >= endMs,
      90_000,
    );
    for (const { meterId, serial } of house.meters) {
      const readings = await database.prisma.reading.findMany({ where: { meterId } });
      const gaps = await database.prisma.gap.findMany({ where: { meterId } });
      const readAt = new Map(readings.map((reading) => [reading.at.getTime(), reading]));
      if (readAt.size !== readings.length) verdict.wrong.push(`${serial}: a slot is there twice`);
      for (let slotMs = startedMs; slotMs <= endMs; slotMs += SLOT_MS) {
        const reading = readAt.get(slotMs);
        const covering = gaps.filter((gap) => gap.fromAt.getTime() <= slotMs && slotMs < gap.toAt.getTime());
        const at = `${serial} ${new Date(slotMs).toISOString()}`;
        verdict.slots += 1;
        if ((reading ? 1 : 0) + covering.length !== 1) {
          verdict.wrong.push(
            `${at}: ${reading ? 'a reading' : 'no reading'}, gaps: ${covering.map((gap) => gap.reason).join(', ') || 'none'}`,
          );
        }
        for (const gap of covering) verdict.gaps[gap.reason] = (verdict.gaps[gap.reason] ?? 0) + 1;
        if (!reading) continue;
        verdict.read += 1;
        const words = float32Words(reading.voltageL1 ?? Number.NaN);
        if (!ledger.wasAnswered({ serial, address: 0, words, fromMs: slotMs, toMs: slotMs + SLOT_MS })) {
          verdict.wrong.push(`${at}: ${reading.voltageL1} V was never answered in that slot`);
        }
      }
    }
    return verdict;
  }

  for (const role of ['worker', 'poller'] as const) await start(role);
  await pollerHoldsItsLease(redisUrl);
  await start('scheduler');
  const ticked = await eventually(
    () => database.prisma.cadence.findFirst(),
    (cadence) => cadence !== null,
  );
  const startedMs = ticked?.tickedUntil?.getTime() ?? 0;
  return {
    house,
    redisUrl,
    ledger,
    virtual,
    database,
    start,
    kill,
    judge,
    async slots(count) {
      const untilMs = Date.now() + count * SLOT_MS;
      await eventually(
        () => Date.now(),
        (nowMs) => nowMs >= untilMs,
        count * SLOT_MS + 5_000,
      );
    },
    async close() {
      for (const role of roles.keys()) await kill(role);
      await database.close();
      await servers.redis.stop();
      await servers.mariadb.stop();
      await virtual.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
