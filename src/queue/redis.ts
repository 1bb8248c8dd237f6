import { Redis, type RedisOptions } from 'ioredis';

type RedisAddress = Pick<RedisOptions, 'path' | 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'>;

/** `redis://`, `rediss://` as usual; `unix:///path/to/socket?db=3` for a Unix socket, its path percent-encoded. */
export function redisOptions(redisUrl: string): RedisAddress {
  const url = new URL(redisUrl);
  if (url.protocol === 'unix:') {
    return {
      path: decodeURIComponent(url.pathname),
      db: Number(url.searchParams.get('db') ?? 0),
      ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    };
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || url.searchParams.get('db') || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  };
}

/** A lost connection is tried again for ever, at most two seconds apart; the caller listens for `error`. */
export function openRedis(redisUrl: string, options: RedisOptions = {}): Redis {
  return new Redis({ retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000), ...redisOptions(redisUrl), ...options });
}
