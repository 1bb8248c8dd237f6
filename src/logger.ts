import { pino, type Logger } from 'pino';

export type { Logger };

const SECRETS = ['password', 'passwordHash', 'token', 'tokenHash', 'sessionSecret', 'authorization', 'cookie'];

// An error of the Redis client carries the whole command, which may be a batch of readings.
export function serializeError(err: unknown): unknown {
  if (!(err instanceof Error)) return err;
  const { command, ...rest } = pino.stdSerializers.err(err) as unknown as { command?: { name?: string } };
  return command === undefined ? rest : { ...rest, command: command.name };
}

/** `mixin`: what stands in each line besides. */
export function makeLogger(name: string, level: string, mixin?: () => object): Logger {
  return pino({
    ...(mixin && { mixin }),
    name,
    level,
    base: { name, pid: process.pid },
    redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
