import type { Config } from '../config.ts';
import { InvalidInput } from '../errors.ts';
import { openModbusServer, type ModbusServer } from '../modbus/modbus-server.ts';
import { parseNetworks } from '../networks.ts';
import { openRedis } from '../queue/redis.ts';
import { openDatabase } from '../store/database.ts';
import { makeAnswerModbus } from '../use-cases/answer-modbus.ts';
import { requiredUrl, runRole, type ProcessContext } from './process.ts';

const COMMAND_TIMEOUT_MS = 1_000;

/** A test that wants any free port gives 0. */
export async function startModbus({ config, log, shutdown, clock }: ProcessContext, port = config.MODBUS_PORT): Promise<ModbusServer> {
  const allowed = parseNetworks(config.MODBUS_ALLOW);
  if (port === undefined || allowed === null) throw new InvalidInput({ MODBUS_PORT: 'is needed by this process: the port to listen on' });
  const database = openDatabase(requiredUrl(config, 'DATABASE_URL'), { connections: 2 });
  shutdown.add('database', () => database.close());
  // Whoever asks is told at once that Redis is away: a controller asks again by itself.
  const redis = openRedis(requiredUrl(config, 'REDIS_URL'), {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  redis.on('error', (err) => log.warn({ err }, 'redis'));
  shutdown.add('redis', () => redis.disconnect());
  const server = await openModbusServer({
    address: { host: config.HOST, port, insists: true },
    names: { what: 'The Modbus map', hostName: 'HOST', portName: 'MODBUS_PORT' },
    allowed,
    answer: makeAnswerModbus({ database, redis, clock, readCron: config.READ_CRON, log }),
    log,
  });
  shutdown.add('modbus server', () => server.close());
  log.info({ host: config.HOST, port: server.port }, 'modbus map listening');
  return server;
}

export function runModbus(config: Config): Promise<void> {
  return runRole('modbus', config, async (context) => {
    await startModbus(context);
  });
}
