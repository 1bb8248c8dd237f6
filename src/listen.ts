import type { AddressInfo, Server } from 'node:net';
import { AppError } from './errors.ts';

const TRIES = 50;

export interface ListenAddress {
  host: string;
  port: number;
  /** Somebody chose this port: no other will do. */
  insists: boolean;
}

/** Whose port it is, for the sentence when it cannot be had. */
export interface ListenNames {
  what: string;
  hostName: string;
  portName: string;
}

/** The port that was asked for; when nobody insists on it, the next free one. Answers which. */
export async function listenOnPort(server: Server, { host, port, insists }: ListenAddress, names: ListenNames): Promise<number> {
  const { what, hostName, portName } = names;
  for (let wanted = port; ; wanted += 1) {
    const problem = await tryListening(server, host, wanted);
    if (problem === null) return (server.address() as AddressInfo).port;
    if (problem.code === 'EADDRINUSE' && !insists && wanted < Math.min(port + TRIES, 65_535)) continue;
    const message =
      problem.code === 'EADDRINUSE'
        ? `Port ${wanted} on ${host} is taken by another program: choose another one with ${portName}.`
        : `${what} cannot listen on ${host}:${wanted} (${problem.code ?? problem.message}): check ${hostName} and ${portName}.`;
    throw new AppError('cannot-listen', message, { cause: problem });
  }
}

function tryListening(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}
