import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface PseudoTerminal {
  folder: string;
  /** The two ends of a serial cable. */
  ends: [string, string];
  close(): Promise<void>;
}

/** Two serial devices with a cable between them, by socat; in the folder of one that was closed they have the same names. */
export async function openPseudoTerminal(again?: string): Promise<PseudoTerminal> {
  const folder = again ?? (await mkdtemp(join(tmpdir(), 'wattbook-pty-')));
  await mkdir(folder, { recursive: true });
  const ends: [string, string] = [join(folder, 'meter'), join(folder, 'reader')];
  const socat = spawn(
    'socat',
    ends.map((end) => `pty,raw,echo=0,link=${end}`),
    { stdio: 'ignore' },
  );
  const gone = new Promise<void>((resolve, reject) => {
    socat.once('exit', () => resolve());
    socat.once('error', reject);
  });
  const areThere = () =>
    Promise.all(ends.map((end) => stat(end))).then(
      () => true,
      () => false,
    );
  while (!(await areThere())) await Promise.race([wait(20), gone.then(() => Promise.reject(new Error('socat ended')))]);
  return {
    folder,
    ends,
    close: async () => {
      socat.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
