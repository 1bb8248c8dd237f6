import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface CaughtMail {
  from: string;
  to: string[];
  raw: Buffer;
}

export interface MailCatcher {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** A real SMTP server on the loopback that delivers nothing: each mail goes to `onMail` before it is acknowledged. */
export async function startMailCatcher(
  onMail: (mail: CaughtMail) => Promise<void> | void,
  options: { port?: number } = {},
): Promise<MailCatcher> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      buffer(stream)
        .then((raw) => onMail({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw }))
        .then(() => done(), done);
    },
  });
  // A client that hangs up in the middle is its own affair.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Keeps each mail as an .eml file that sorts by the time it came in. */
export function storeMailsIn(folder: string, clock: () => number): (mail: CaughtMail) => Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let count = 0;
  return async ({ raw }) => {
    const time = new Date(clock()).toISOString().replaceAll(':', '-');
    count += 1;
    const file = join(folder, `${time}-${String(count).padStart(4, '0')}.eml`);
    await writeFile(`${file}.part`, raw, { mode: 0o600 });
    await rename(`${file}.part`, file);
  };
}
