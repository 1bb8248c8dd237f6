import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';
import { OWN_HOST } from './own-host.ts';

export interface HoldingProxy {
  port: number;
  /** From now on connections stay, and nothing passes: as behind a machine that lost its power. */
  hold(): void;
  /** What was held passes on. */
  release(): void;
  close(): Promise<void>;
}

/** Passes bytes on between a client and a real server. */
export async function startHoldingProxy(to: NetConnectOpts): Promise<HoldingProxy> {
  const sockets = new Set<Socket>();
  let held = false;
  const server = createServer((near) => {
    const far = connect(to);
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => other.write(bytes));
      from.on('error', () => other.destroy());
      from.on('close', () => {
        sockets.delete(from);
        other.destroy();
      });
      if (held) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, OWN_HOST, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hold() {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      held = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
