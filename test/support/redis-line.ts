import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface RedisLine {
  url: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** The way to a Redis, which can be cut: then whoever calls is hung up on. */
export async function startRedisLine(redisUrl: string): Promise<RedisLine> {
  const url = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    near.on('error', () => near.destroy());
    if (isCut) return void near.destroy();
    const far = url.protocol === 'unix:' ? connect(decodeURIComponent(url.pathname)) : connect(Number(url.port || 6_379), url.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}/${url.searchParams.get('db') ?? url.pathname.slice(1)}`,
    cut,
    mend() {
      isCut = false;
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
