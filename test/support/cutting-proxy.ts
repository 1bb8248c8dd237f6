import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  url: string;
  cuts(): number;
  /** Lets everything through from now on. */
  calm(): void;
  close(): Promise<void>;
}

/** Passes bytes on, and tears each connection apart after some pieces: `random` answers 0 to 1. */
export async function startCuttingProxy(port: number, random: () => number, mostPieces: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  let calm = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let left = 1 + Math.floor(random() * mostPieces);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        left -= 1;
        if (left <= 0 && !calm) {
          cuts += 1;
          end();
        } else to.write(bytes);
      });
      from.on('error', end);
      from.on('close', () => {
        sockets.delete(from);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    calm() {
      calm = true;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
