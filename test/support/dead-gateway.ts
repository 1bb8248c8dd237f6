import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

// The worker sleeps with its listening socket open: the kernel takes a connection or two, then answers no SYN any more.
const SLEEPER = `
  const { createServer, connect } = require('node:net');
  const { parentPort, workerData } = require('node:worker_threads');
  const server = createServer((socket) => {
    const upstream = connect(workerData.upstreamPort, '127.0.0.1');
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(workerData.gate, 0, 0);
  });
`;

export interface DeadGateway {
  port: number;
  /** From then on it takes connections and passes them on. */
  wake(): void;
  close(): Promise<void>;
}

/** A host that answers no connection attempt at all, as one that lost its power does. */
export async function startDeadGateway(upstreamPort: number): Promise<DeadGateway> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(SLEEPER, { eval: true, workerData: { gate, upstreamPort } });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const fillers: Socket[] = [];
  for (let filled = false; !filled;) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    fillers.push(socket);
    const connected = new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)));
    // Silence for that long on the loopback is what a dead host looks like; there is no event to wait for.
    // In a process that was busy meanwhile the answer may lie there unseen.
    const silence = wait(150).then(() => nextTurn(false));
    filled = !(await Promise.race([connected, silence]));
  }
  const wake = () => {
    for (const socket of fillers) socket.destroy();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  return {
    port,
    wake,
    close: async () => {
      wake();
      await worker.terminate();
    },
  };
}

/** Nobody listens there, and the system gives it to nobody. */
export const UNUSED_PORT = 9;
