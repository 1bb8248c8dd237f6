import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OWN_HOST } from '../support/own-host.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));

export interface Launched {
  child: ChildProcess;
  pid: number;
  output(): string;
  /** Resolves when the terminal shows it; rejects when the process ends without. */
  shows(pattern: RegExp): Promise<RegExpMatchArray>;
  exitCode: Promise<number | null>;
}

/** The built command, such as `demo remove --yes`, as a process of its own, with nothing of this run's environment but the PATH. */
export function launch(command: string, env: Record<string, string>): Launched {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build makes it.`);
  const child = spawn(process.execPath, [PROGRAM, ...command.split(' ')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: OWN_HOST, ...env },
  });
  let text = '';
  let ended = false;
  const waiting = new Set<() => void>();
  const take = (bytes: Buffer) => {
    text += bytes.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exitCode = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
      for (const look of waiting) look();
    });
  });
  return {
    child,
    pid: child.pid!,
    output: () => text,
    exitCode,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = text.match(pattern);
          if (match) resolve(match);
          else if (ended) reject(new Error(`It ended without ${String(pattern)}:\n${text}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
  };
}
