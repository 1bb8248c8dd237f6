import type { Config } from '../config.ts';
import type { LeaseTimes } from '../domain/lease.ts';
import { parseCadence } from '../domain/slot.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { makeLogger, type Logger } from '../logger.ts';
import type { Metrics } from '../metrics-registry.ts';
import { Shutdown } from '../shutdown.ts';
import { traceIds } from '../tracing.ts';
import { version } from './version.ts';

/** What every process has before it builds anything. */
export interface ProcessContext {
  config: Config;
  log: Logger;
  shutdown: Shutdown;
  clock: () => number;
  /** Where the process keeps what it measures; null while nobody may look. */
  metrics: Metrics | null;
  /** Given by tests only: other times than the usual ones. */
  leaseTimes?: LeaseTimes;
}

export type Role = (context: ProcessContext) => Promise<void>;

const END_DEADLINE_MS = 28_000;

export function requiredUrl(config: Config, key: 'DATABASE_URL' | 'REDIS_URL' | 'SMTP_URL'): string {
  const value = config[key];
  if (value === undefined) throw new InvalidInput({ [key]: 'is needed by this process; `npm start` sets it to its private server' });
  return value;
}

/** The address that people use. */
export function appUrl(config: Config): string {
  return config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`;
}

/** Every process is told of a bad READ_CRON, not only the one that plans by it. */
export function checkReadCron({ READ_CRON }: Pick<Config, 'READ_CRON'>): void {
  const parsed = parseCadence(READ_CRON);
  if (!parsed.ok) throw new InvalidInput({ READ_CRON: parsed.problem });
}

/** Nothing of it is loaded without a collector. */
async function beTraced(role: string, { log, shutdown }: Pick<ProcessContext, 'log' | 'shutdown'>): Promise<void> {
  const { openOtlpTracer } = await import('../otlp-tracer.ts');
  const tracer = openOtlpTracer({ name: role === 'wattbook' ? role : `wattbook-${role}`, version: version() }, log);
  shutdown.add('traces', () => tracer.close());
}

/** Nothing of it is loaded where nobody may look. */
async function beMeasured(context: Omit<ProcessContext, 'metrics'>): Promise<Metrics | null> {
  const port = context.config.METRICS_PORT;
  if (port === undefined) return null;
  const { openMetrics } = await import('../metrics-registry.ts');
  const { openMetricsDoor } = await import('./metrics-door.ts');
  const metrics = openMetrics(version());
  context.shutdown.add('metrics', () => metrics.close());
  await openMetricsDoor(context, metrics, port);
  return metrics;
}

/**
 * Runs a role until SIGTERM, SIGINT or the end of the launcher that started it. Resolves when everything is closed.
 */
export async function runRole(name: string, config: Config, role: Role): Promise<void> {
  checkReadCron(config);
  const isTraced = config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const log = makeLogger(name, config.LOG_LEVEL, isTraced ? traceIds : undefined);
  const shutdown = new Shutdown(log);
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      log.info({ reason }, 'stopping');
      setTimeout(() => {
        log.fatal('could not stop in time');
        process.exit(1);
      }, END_DEADLINE_MS).unref();
      void shutdown.run().then(resolve);
    };
    process.once('SIGTERM', () => end('SIGTERM'));
    process.once('SIGINT', () => end('SIGINT'));
    process.once('disconnect', () => end('launcher ended'));
  });
  try {
    const context = { config, log, shutdown, clock: Date.now };
    if (isTraced) await beTraced(name, context);
    await role({ ...context, metrics: await beMeasured(context) });
  } catch (err) {
    await shutdown.run();
    if (err instanceof AppError) throw err;
    throw new AppError('cannot-start', `The ${name} could not start: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
  }
  log.info('started');
  process.send?.({ kind: 'ready', name });
  await ended;
  // An open channel to the launcher would keep the process alive.
  if (process.connected) process.disconnect();
}
