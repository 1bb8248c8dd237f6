import { startMariadb } from '../embedded/mariadb.ts';
import { keepServer } from '../embedded/kept-server.ts';
import { startRedis } from '../embedded/redis.ts';
import { searchPath, type Config } from '../config.ts';

export const PRIVATE_DATABASE = 'wattbook';

export interface ServerUrls {
  databaseUrl: string;
  redisUrl: string;
}

export interface PrivateServersOptions {
  dataFolder: string;
  onSentence(sentence: string): void;
}

/** Where DATABASE_URL or REDIS_URL name none, a server of our own under the data folder; both are started at once. */
export async function openServers(config: Config, options: PrivateServersOptions): Promise<ServerUrls & { stop(): Promise<void> }> {
  const { dataFolder, onSentence } = options;
  const path = { searchPath: searchPath() };
  const stops: (() => Promise<void>)[] = [];
  const database = async () => {
    if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
    const start = () => startMariadb(dataFolder, path);
    const server = await start();
    stops.push(() => kept.stop());
    const kept = keepServer('MariaDB', server, start, onSentence);
    return server.url(PRIVATE_DATABASE);
  };
  const redis = async () => {
    if (config.REDIS_URL !== undefined) return config.REDIS_URL;
    const start = () => startRedis(dataFolder, path);
    const server = await start();
    stops.push(() => kept.stop());
    const kept = keepServer('Redis', server, start, onSentence);
    return server.url();
  };
  const stop = async () => {
    await Promise.all(stops.map((end) => end()));
  };
  const [databaseUrl, redisUrl] = await Promise.allSettled([database(), redis()]);
  if (databaseUrl.status === 'fulfilled' && redisUrl.status === 'fulfilled') {
    return { databaseUrl: databaseUrl.value, redisUrl: redisUrl.value, stop };
  }
  await stop();
  throw databaseUrl.status === 'rejected' ? databaseUrl.reason : (redisUrl as PromiseRejectedResult).reason;
}
