import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

// Not ours: what judges our frames must not share their mistakes.
const crc16 = createRequire(import.meta.url)('modbus-serial/utils/crc16.js') as (bytes: Buffer) => number;

/** One answer on its way to the client: the trick decides what of it arrives, when and where. */
export interface Passing {
  request: Buffer;
  reply: Buffer;
  client: Socket;
}

export type Trick = (passing: Passing) => void;

export interface HostileProxy {
  port: number;
  /** The next answers meet these, one each; then it is honest again. */
  play(...tricks: Trick[]): void;
  /** Those that are left over are not played. */
  clear(): void;
  connections(): number;
  close(): Promise<void>;
}

/** What is spoken with the client; the server is always spoken to in Modbus TCP. */
export type Spoken = 'mbap' | 'rtu';

/** Stands between a client and a real Modbus TCP server on real sockets. */
export async function startHostileProxy(upstreamPort: number, spoken: Spoken = 'mbap'): Promise<HostileProxy> {
  const waiting: Trick[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const upstream = connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    keep(client);
    keep(upstream);
    const requests: Buffer[] = [];
    client.on('data', (chunk) => {
      requests.push(chunk);
      upstream.write(spoken === 'rtu' ? toMbap(chunk) : chunk);
    });
    client.on('close', () => upstream.end());
    upstream.on('data', (reply) => {
      const trick = waiting.shift() ?? honest;
      trick({ request: requests.shift() ?? Buffer.alloc(0), reply: spoken === 'rtu' ? toRtu(reply) : reply, client });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    play: (...tricks) => void waiting.push(...tricks),
    clear: () => void waiting.splice(0),
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function toMbap(frame: Buffer): Buffer {
  const body = frame.subarray(0, -2);
  return Buffer.concat([Buffer.from([0, 1, 0, 0, 0, body.length]), body]);
}

function toRtu(frame: Buffer): Buffer {
  return withCrc(frame.subarray(6));
}

/** A body with the checksum that belongs to it. */
export function withCrc(body: Buffer): Buffer {
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(body));
  return Buffer.concat([body, crc]);
}

export const honest: Trick = ({ reply, client }) => void client.write(reply);

/** The reply with one 16-bit word of it changed. */
export function withWord(at: number, change: (word: number) => number): Trick {
  return ({ reply, client }) => {
    const changed = Buffer.from(reply);
    changed.writeUInt16BE(change(changed.readUInt16BE(at)) & 0xffff, at);
    client.write(changed);
  };
}

export function withByte(at: number, change: (byte: number) => number): Trick {
  return ({ reply, client }) => {
    const changed = Buffer.from(reply);
    changed[at] = change(changed[at] ?? 0) & 0xff;
    client.write(changed);
  };
}
