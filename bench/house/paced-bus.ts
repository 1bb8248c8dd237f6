import { createServer, type AddressInfo } from 'node:net';
import { bytesMs, frameGapMs } from '../../src/domain/line-place.ts';
import { encodeRtu } from '../../src/domain/rtu-frame.ts';

export interface PacedBus {
  port: number;
  /** Connections that were refused because one was open. */
  refused(): number;
  connections(): number;
  /** Units that do not answer. */
  dead: Set<number>;
  close(): void;
}

const REQUEST_BYTES = 8;
const WIRE = { baudRate: 9_600, parity: 'none', stopBits: 1 } as const;

/** Every value tells whose it is: the unit, and the address in its fraction. */
export function valueAt(unitId: number, address: number): number {
  return Math.fround(unitId + address / 1_000);
}

function replyTo(request: Buffer): Uint8Array {
  const [unitId = 0, modbusFunction = 0] = request;
  const address = request.readUInt16BE(2);
  const count = request.readUInt16BE(4);
  const body = Buffer.alloc(3 + count * 2);
  body.set([unitId, modbusFunction, count * 2]);
  for (let word = 0; word + 1 < count; word += 2) body.writeFloatBE(valueAt(unitId, address + word), 3 + word * 2);
  return encodeRtu(body);
}

/** A gateway for raw RTU frames, one connection at a time, before a bus of 9,600 baud: each byte takes its time. */
export async function startPacedBus(meterMs: number): Promise<PacedBus> {
  const dead = new Set<number>();
  let refused = 0;
  let connections = 0;
  let open = 0;
  let busFreeMs = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    if (open > 0) {
      refused += 1;
      socket.destroy();
      return;
    }
    open += 1;
    connections += 1;
    socket.on('close', () => (open -= 1));
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= REQUEST_BYTES) {
        const request = pending.subarray(0, REQUEST_BYTES);
        pending = pending.subarray(REQUEST_BYTES);
        if (dead.has(request[0] ?? 0)) continue;
        const reply = replyTo(request);
        const takesMs = bytesMs(WIRE, REQUEST_BYTES + reply.length) + 2 * frameGapMs(WIRE) + meterMs;
        busFreeMs = Math.max(busFreeMs, performance.now()) + takesMs;
        setTimeout(() => socket.write(reply), busFreeMs - performance.now());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    refused: () => refused,
    connections: () => connections,
    dead,
    close: () => void server.close(),
  };
}
