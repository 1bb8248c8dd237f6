import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../errors.ts';

const MAX_HEADER_BYTES = 16 * 1024;
// A client that dribbles its request holds a connection for no longer than this.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
// Node looks for such clients only so often.
const CHECK_MS = 5_000;
const SILENT_SOCKET_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;
const GRACE_MS = 10_000;

/** The timeouts are given by tests only. */
export function makeHttpServer(
  app: RequestListener,
  timeouts: { headersMs: number; checkMs: number } = { headersMs: HEADERS_TIMEOUT_MS, checkMs: CHECK_MS },
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    app,
  );
  server.setTimeout(SILENT_SOCKET_MS);
  server.maxRequestsPerSocket = 1_000;
  return server;
}

/** Answers the address it listens on. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<{ host: string; port: number; url: string }> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const message =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken: stop the other program, or set PORT to another one.`
          : `Cannot listen on ${host}:${port} (${cause.code ?? cause.message}): check HOST and PORT.`;
      reject(new AppError('cannot-listen', message, { cause }));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
  const taken = (server.address() as AddressInfo).port;
  return { host, port: taken, url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}` };
}

/** Requests under way are answered, unless they take longer than the grace. */
export async function closeServer(server: Server, graceMs = GRACE_MS): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearTimeout(timer);
  }
}
