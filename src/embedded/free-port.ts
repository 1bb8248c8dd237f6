import { createServer } from 'node:net';
import { AppError } from '../errors.ts';

const TRIES = 50;

/** The port that was asked for; when nobody insists on it, the next free one. */
export async function findPort(host: string, wanted: number, insists: boolean): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + TRIES, 65_536); port += 1) {
    const problem = await tryPort(host, port);
    if (problem === null) return port;
    if (problem === 'EADDRNOTAVAIL' || problem === 'ENOTFOUND')
      throw new AppError('bad-host', `HOST=${host} is not an address of this machine.`);
    if (insists) {
      const why = problem === 'EACCES' ? 'may not be opened by this user' : 'is taken by another program';
      throw new AppError(
        'port-taken',
        `Port ${port} on ${host} ${why}. Choose another one with PORT, or leave PORT out to get a free one.`,
      );
    }
  }
  throw new AppError('port-taken', `No port from ${wanted} to ${wanted + TRIES - 1} is free on ${host}. Choose one with PORT.`);
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (err: NodeJS.ErrnoException) => resolve(err.code ?? err.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
