import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoLogin } from './write-demo-people.ts';

function pathIn(dataDir: string): string {
  return join(dataDir, 'logins.json');
}

/** Whole or not at all, and for the eyes of its owner only. */
export async function writeDemoLogins(dataDir: string, logins: readonly DemoLogin[]): Promise<void> {
  const path = pathIn(dataDir);
  await rm(`${path}.new`, { force: true });
  await writeFile(`${path}.new`, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Leaves the log-in of that person only, or no file. */
export async function keepDemoLogin(dataDir: string, email: string | null): Promise<void> {
  const kept = (await readDemoLogins(dataDir)).filter((login) => login.email === email);
  if (kept.length > 0) await writeDemoLogins(dataDir, kept);
  else await rm(pathIn(dataDir), { force: true });
}

async function readDemoLogins(dataDir: string): Promise<DemoLogin[]> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as DemoLogin[];
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw err;
  }
}
