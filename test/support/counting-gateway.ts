import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CountingGateway {
  port: number;
  /** The connection of each request, counted from 1, in the order in which they came. */
  asked: number[];
  /** Connections that were refused because there were as many as it takes. */
  refused(): number;
  /** Those open now. */
  open: ReadonlySet<number>;
  close(): Promise<void>;
}

/** A gateway that takes only so many connections, in front of a Modbus TCP server. */
export async function startCountingGateway(targetPort: number, takes: number): Promise<CountingGateway> {
  const asked: number[] = [];
  const open = new Set<number>();
  const sockets = new Set<Socket>();
  let refused = 0;
  let connections = 0;
  const server = createServer((client) => {
    client.on('error', () => {});
    if (open.size >= takes) {
      refused += 1;
      client.destroy();
      return;
    }
    connections += 1;
    const connection = connections;
    open.add(connection);
    const target = connect(targetPort, '127.0.0.1');
    target.on('error', () => client.destroy());
    for (const socket of [client, target]) sockets.add(socket.on('close', () => sockets.delete(socket)));
    client.on('data', () => asked.push(connection));
    client.pipe(target).pipe(client);
    client.on('close', () => {
      open.delete(connection);
      target.destroy();
    });
    target.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    refused: () => refused,
    open,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
