import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { HttpAsk } from './hostile-input.ts';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** As written, without a client that knows better what a request looks like. */
export function ask(url: string, { method, target, headers, body }: Omit<HttpAsk, 'what'>, agent?: Agent): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, method, path: target, headers: { ...length, ...headers }, ...(agent ? { agent } : {}) });
    request.once('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }));
    });
    request.once('error', reject);
    request.end(body);
  });
}
