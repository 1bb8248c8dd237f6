import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { readBehaviours, subscribeBehaviours } from '../queue/virtual-behaviour.ts';
import { openRedis } from '../queue/redis.ts';
import { freePorts } from '../simulator/free-ports.ts';
import type { Ledger } from '../simulator/ledger.ts';
import { readModelFile } from '../simulator/model-file.ts';
import { makeProfile } from '../simulator/profile.ts';
import { readVirtualMeterFile, writeVirtualMeterFile, type VirtualMeterFile } from '../simulator/virtual-meter-file.ts';
import { startVirtualMeters, type VirtualMeters } from '../simulator/virtual-meters.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { requiredUrl, runRole, type ProcessContext } from './process.ts';

const MODELS = fileURLToPath(new URL('../../meters/', import.meta.url));

/** A test that judges by the ledger gives its own. */
export async function startSimulator(
  { config, log, shutdown, clock }: ProcessContext,
  { ledger }: { ledger?: Ledger } = {},
): Promise<VirtualMeters> {
  const file = await readVirtualMeterFile(config.WATTBOOK_DATA);
  if (!file) throw new AppError('no-demo', `There are no virtual meters in ${config.WATTBOOK_DATA}: load the demo building first.`);
  await takePortsOfLines(config, file);

  const meters = await startOnFreePorts(file, {
    start: async (meter) => startVirtualMeters(await virtualMetersOf(meter), { clock, ledger }),
    move: async (from, to) => {
      log.warn({ from, to }, 'the port of a virtual gateway is taken: it moves');
      await moveLines(config, file, from, to);
    },
  });
  shutdown.add('virtual meters', () => meters.close());

  const serials = file.meters.map((meter) => meter.serial);
  const redisUrl = requiredUrl(config, 'REDIS_URL');
  const subscriber = openRedis(redisUrl);
  subscriber.on('error', (err) => log.warn({ err }, 'redis'));
  shutdown.add('redis', () => subscriber.disconnect());
  await subscribeBehaviours(subscriber, (serial, behaviour) => {
    log.info({ serial, behaviour }, 'a virtual meter behaves differently');
    meters.setBehaviour(serial, behaviour);
  });
  const redis = openRedis(redisUrl);
  redis.on('error', (err) => log.warn({ err }, 'redis'));
  for (const [serial, behaviour] of await readBehaviours(redis, serials)) meters.setBehaviour(serial, behaviour);
  redis.disconnect();
  log.info({ meters: serials.length, ports: meters.ports }, 'virtual meters answer');
  return meters;
}

async function virtualMetersOf(file: VirtualMeterFile) {
  const keys = [...new Set(file.meters.map((meter) => meter.model))];
  const models = new Map(await Promise.all(keys.map(async (key) => [key, await readModelFile(MODELS, key)] as const)));
  return file.meters.map((meter) => ({ ...meter, model: models.get(meter.model)!, profile: makeProfile(meter.profile, file.site) }));
}

interface Moves {
  start(file: VirtualMeterFile): Promise<VirtualMeters>;
  move(from: number, to: number): Promise<void>;
}

async function startOnFreePorts(file: VirtualMeterFile, { start, move }: Moves): Promise<VirtualMeters> {
  for (;;) {
    try {
      return await start(file);
    } catch (err) {
      const { code, port } = err as NodeJS.ErrnoException & { port?: number };
      if (code !== 'EADDRINUSE' || port === undefined) throw err;
      const [free] = await freePorts(1);
      await move(port, free!);
    }
  }
}

async function withDatabase(config: Config, work: (prisma: Database['prisma']) => Promise<void>): Promise<void> {
  const database = openDatabase(requiredUrl(config, 'DATABASE_URL'), { connections: 1 });
  try {
    await work(database.prisma);
  } finally {
    await database.close();
  }
}

/** The poller dials, and speaks, what the line says; the file only remembers. */
async function takePortsOfLines(config: Config, file: VirtualMeterFile): Promise<void> {
  await withDatabase(config, async (prisma) => {
    const lines = await prisma.line.findMany({
      where: { id: { in: file.meters.map((meter) => meter.lineId) } },
      select: { id: true, port: true, transport: true },
    });
    const known = new Map(lines.map((line) => [line.id, line]));
    for (const meter of file.meters) {
      const line = known.get(meter.lineId);
      meter.port = line?.port ?? meter.port;
      meter.spoken = line?.transport === 'rtu_over_tcp' ? 'rtu' : 'mbap';
    }
  });
}

async function moveLines(config: Config, file: VirtualMeterFile, from: number, to: number): Promise<void> {
  const moved = file.meters.filter((meter) => meter.port === from);
  const lineIds = moved.map((meter) => meter.lineId);
  await withDatabase(config, async (prisma) => {
    await prisma.line.updateMany({ where: { id: { in: lineIds } }, data: { port: to } });
  });
  for (const meter of moved) meter.port = to;
  await writeVirtualMeterFile(config.WATTBOOK_DATA, file);
}

export function runSimulator(config: Config): Promise<void> {
  return runRole('simulator', config, async (context) => {
    await startSimulator(context);
  });
}
