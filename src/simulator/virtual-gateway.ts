import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SerialPort } from 'serialport';
import type { Bus } from '../domain/line-place.ts';
import { takeRequests, type Request } from './modbus-answer.ts';
import { rtuAnswer, takeRtuRequests } from './rtu-answer.ts';
import { answer, type Running, type Send, type Told } from './running-meter.ts';

/** Where a virtual gateway listens and what it speaks there. */
export type GatewayPlace = { port: number; spoken: 'mbap' | 'rtu' } | { serialPath: string; bus: Bus };

export interface VirtualGateway {
  /** Null on a serial device. */
  port: number | null;
  close(): Promise<void>;
}

interface Behind {
  units: ReadonlyMap<number, Running>;
  told: Told;
  /** A serial device that went away, such as an adapter that was pulled out. */
  onLost?: ((serialPath: string) => void) | undefined;
}

/** Called with what comes; false when it is no Modbus and the connection must end. */
type Receive = (chunk: Buffer) => boolean;

function conversation(isRtu: boolean, { units, told }: Behind, write: (bytes: Buffer) => void): Receive {
  let pending: Buffer | null = null;
  const send: Send = isRtu ? (frame) => write(rtuAnswer(frame)) : write;
  const take = isRtu ? takeRtuRequests : takeRequests;
  const onRequest = (request: Request) => {
    const meter = units.get(request.unitId);
    // On a bus nobody speaks for a meter that is not there.
    if (meter !== undefined || !isRtu) answer(send, request, meter, told);
  };
  return (chunk) => {
    const { rest } = take(pending ? Buffer.concat([pending, chunk]) : chunk, onRequest);
    pending = rest !== null && rest.length > 0 ? rest : null;
    return rest !== null;
  };
}

export function openGateway(place: GatewayPlace, behind: Behind, host: string): Promise<VirtualGateway> {
  return 'serialPath' in place ? openSerialGateway(place, behind) : openNetworkGateway(place, behind, host);
}

async function openNetworkGateway({ port, spoken }: { port: number; spoken: 'mbap' | 'rtu' }, behind: Behind, host: string) {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const receive = conversation(spoken === 'rtu', behind, (bytes) => socket.writable && socket.write(bytes));
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (!receive(chunk)) socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function openSerialGateway({ serialPath: path, bus }: { serialPath: string; bus: Bus }, behind: Behind): Promise<VirtualGateway> {
  const port = new SerialPort({ path, ...bus, dataBits: 8, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const receive = conversation(true, behind, (bytes) => port.isOpen && port.write(bytes));
  port.on('data', (chunk: Buffer) => void receive(chunk));
  // It is closed with it, and that is told.
  port.on('error', () => {});
  let closing = false;
  port.once('close', () => !closing && behind.onLost?.(path));
  return {
    port: null,
    close: () =>
      new Promise((resolve) => {
        closing = true;
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}
