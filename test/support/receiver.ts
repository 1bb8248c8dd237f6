import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { eventually } from './running.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answering = (response: ServerResponse, received: Received, earlier: number) => void;

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** How it answers from now on. */
  answer(how: Answering): void;
  waitFor(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

const taken: Answering = (response) => response.writeHead(204).end();

/** A real server on a socket of this machine that keeps what it is sent. */
export async function openReceiver(tls?: { key: string; cert: string }): Promise<Receiver> {
  const received: Received[] = [];
  let how = taken;
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      how(response, one, received.length - 1);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    received,
    answer(next) {
      how = next;
    },
    waitFor: async (count) => {
      await eventually(
        () => received.length,
        (length) => length >= count,
      );
      return received;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
