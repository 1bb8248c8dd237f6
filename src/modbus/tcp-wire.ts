import { connect, type Socket } from 'node:net';
import type { Wire, WireEvents } from './wire.ts';

const KEEP_ALIVE_MS = 60_000;

export class TcpWire implements Wire {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;

  constructor({ host, port }: { host: string; port: number }) {
    this.#host = host;
    this.#port = port;
  }

  open(events: WireEvents): void {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    this.#socket = socket;
    socket.on('connect', () => events.opened());
    socket.on('data', (chunk) => events.received(chunk));
    socket.on('error', (error) => events.broke(error));
    socket.on('end', () => events.broke(new Error('it was closed by the other side')));
    socket.on('close', () => events.gone());
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  close(): void {
    this.#socket?.destroy();
  }

  transferMs(): number {
    return 0;
  }
}
