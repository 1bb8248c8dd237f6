import { createServer, type Socket } from 'node:net';
import { MbapReader, encodeMbap, type MbapFrame } from '../domain/mbap-frame.ts';
import { answerBody, EXCEPTION, readRequest, type RegisterAnswer, type RegisterRequest } from '../domain/modbus-answer.ts';
import { listenOnPort, type ListenAddress, type ListenNames } from '../listen.ts';
import type { Logger } from '../logger.ts';
import type { Networks } from '../networks.ts';

export interface ModbusServerOptions {
  address: ListenAddress;
  names: ListenNames;
  /** Whoever is elsewhere is not spoken to. */
  allowed: Networks;
  /** What fails in it is told as exception 4. */
  answer(request: RegisterRequest): Promise<RegisterAnswer>;
  log: Logger;
  limits?: Partial<Limits>;
}

interface Limits {
  connections: number;
  perAddress: number;
  idleMs: number;
}

export interface ModbusServer {
  port: number;
  close(): Promise<void>;
}

const LIMITS: Limits = { connections: 64, perAddress: 8, idleMs: 120_000 };
// More are left in the socket until these are answered.
const MOST_WAITING = 16;

/** Registers to read over Modbus TCP, for as many as may ask: functions 3 and 4, nothing else. */
export async function openModbusServer(options: ModbusServerOptions): Promise<ModbusServer> {
  const { allowed, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const talks = new Map<Socket, Talk>();
  const server = createServer({ noDelay: true }, (socket) => {
    const { remoteAddress = '' } = socket;
    const isCrowded = talks.size >= limits.connections || countOf(talks, remoteAddress) >= limits.perAddress;
    if (!allowed.has(remoteAddress) || isCrowded) {
      log.warn(
        { remoteAddress, connections: talks.size },
        isCrowded ? 'modbus: too many connections' : 'modbus: a network that is not allowed',
      );
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    talks.set(socket, new Talk(socket, options, limits.idleMs));
    socket.on('close', () => talks.delete(socket));
  });
  const port = await listenOnPort(server, options.address, options.names);
  server.on('error', (err) => log.error({ err }, 'modbus server'));
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of talks.keys()) socket.destroy();
      }),
  };
}

function countOf(talks: ReadonlyMap<Socket, Talk>, address: string): number {
  return [...talks.keys()].filter((socket) => socket.remoteAddress === address).length;
}

/** One connection: its requests are answered in their order. */
class Talk {
  readonly #socket: Socket;
  readonly #options: ModbusServerOptions;
  readonly #reader = new MbapReader();
  readonly #waiting: MbapFrame[] = [];
  readonly #idle: NodeJS.Timeout;
  #answering = false;

  constructor(socket: Socket, options: ModbusServerOptions, idleMs: number) {
    this.#socket = socket;
    this.#options = options;
    this.#idle = setTimeout(() => socket.destroy(), idleMs).unref();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(this.#idle));
    socket.on('data', (chunk) => this.#receive(chunk));
  }

  #receive(chunk: Uint8Array): void {
    const read = this.#reader.push(chunk);
    if (!read.ok) {
      this.#socket.destroy();
      return;
    }
    // Only a whole request is a sign of life.
    if (read.frames.length > 0) this.#idle.refresh();
    this.#waiting.push(...read.frames);
    if (this.#waiting.length > MOST_WAITING) this.#socket.pause();
    if (!this.#answering) void this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    this.#answering = true;
    for (;;) {
      const frame = this.#waiting.shift();
      if (frame === undefined || this.#socket.destroyed) break;
      const request = readRequest(frame.body);
      const answer = 'exception' in request ? request : await this.#ask(request);
      await this.#write(encodeMbap(frame.transactionId, answerBody(frame.body, answer)));
      if (this.#waiting.length <= MOST_WAITING) this.#socket.resume();
    }
    this.#answering = false;
  }

  async #ask(request: RegisterRequest): Promise<RegisterAnswer> {
    try {
      return await this.#options.answer(request);
    } catch (err) {
      this.#options.log.debug({ err }, 'modbus: no answer');
      return { exception: EXCEPTION.serverFailure };
    }
  }

  /** Whoever does not take the answers gets no more of them. */
  async #write(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve);
      socket.once('close', () => resolve());
    });
  }
}
