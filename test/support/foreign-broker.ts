import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface ForeignBroker {
  port: number;
  /** As any meter would. */
  publish(topic: string, payload: string, qos?: 0 | 1): Promise<void>;
  acknowledged(): number;
  /** The ids of those who are connected and have subscribed. */
  listeners(): string[];
  /** Breaks all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** A broker of somebody else's: it keeps sessions, and sends again what was not acknowledged. */
export async function startForeignBroker(port = 0, refused = ''): Promise<ForeignBroker> {
  const broker = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) => done(null, subscription.topic === refused ? null : subscription),
  });
  const sockets = new Set<Socket>();
  const listeners = new Set<string>();
  let acknowledged = 0;
  broker.on('ack', () => {
    acknowledged += 1;
  });
  broker.on('subscribe', (_subscriptions, { id }) => listeners.add(id));
  broker.on('clientDisconnect', ({ id }) => listeners.delete(id));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    publish: (topic, payload, qos = 1) =>
      new Promise((resolve, reject) => {
        broker.publish({ cmd: 'publish', topic, payload, qos, dup: false, retain: false }, (err) => (err ? reject(err) : resolve()));
      }),
    acknowledged: () => acknowledged,
    listeners: () => [...listeners],
    cut,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(resolve));
      cut();
      await closed;
    },
  };
}
