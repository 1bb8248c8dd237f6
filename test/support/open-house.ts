import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Redis } from 'ioredis';
import type { AppDeps } from '../../src/api/app.ts';
import { attachLive, type Live } from '../../src/api/live.ts';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { buildWeb } from './built-web.ts';
import { OWN_HOST } from './own-host.ts';
import { redisUrl } from './services.ts';
import { openTestApp, type TestApp } from './test-app.ts';

export interface OpenHouse extends TestApp {
  url: string;
  /** Nobody is reached any more, until the doors open again at the same address. */
  closeDoors(): Promise<void>;
  openDoors(): Promise<void>;
}

/** The whole server on a port of its own, with the pages as they are shipped and live values. */
export async function openHouse(given: { env?: Record<string, string>; deps?: Partial<AppDeps> } = {}): Promise<OpenHouse> {
  const webRoot = await buildWeb();
  const test = await openTestApp({ ...given, deps: { ...given.deps, webRoot } });
  let open: { server: Server; live: Live; subscriber: Redis } | null = null;

  async function openDoors(port: number): Promise<string> {
    const server = makeHttpServer(test.app);
    const subscriber = openRedis(redisUrl());
    open = { server, subscriber, live: await attachLive(server, { ...test.deps, chatFeeds: test.chatFeeds, subscriber }) };
    return (await listen(server, { host: OWN_HOST, port })).url;
  }
  async function closeDoors(): Promise<void> {
    await open?.live.close();
    if (open) await closeServer(open.server, 0);
    open?.subscriber.disconnect();
    open = null;
  }

  const url = await openDoors(0);
  return {
    ...test,
    url,
    closeDoors,
    async openDoors() {
      await openDoors(Number(new URL(url).port));
    },
    async close() {
      await closeDoors();
      await test.close();
      rmSync(webRoot, { recursive: true, force: true });
    },
  };
}
