import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePasswordHashing } from '../http/password.ts';
import type { Terminal } from '../embedded/terminal.ts';
import { openDatabase } from '../store/database.ts';
import { countUsers } from '../store/users.ts';
import { readDemoState } from '../use-cases/demo-state.ts';
import { loadDemoBuilding } from '../use-cases/load-demo-building.ts';

export interface DemoInput {
  databaseUrl: string;
  dataFolder: string;
  terminal: Terminal;
  clock: () => number;
}

/** Sees to it that the demo building is there; false when the database belongs to others or the demo was removed. */
export async function ensureDemo({ databaseUrl, dataFolder, terminal, clock }: DemoInput): Promise<boolean> {
  const database = openDatabase(databaseUrl, { connections: 4 });
  try {
    const { state } = await readDemoState(database.prisma);
    if (state === 'removed') return false;
    if (state === 'loaded') return existsSync(join(dataFolder, 'virtual-meters.json'));
    if (state === 'absent' && (await countUsers(database.prisma)) > 0) {
      terminal.say('  The database has people of its own: no demo building is loaded into it.');
      return false;
    }
    await terminal.step('loading the demo building', (tell) =>
      loadDemoBuilding({
        database,
        dataDir: dataFolder,
        nowMs: clock(),
        hashing: makePasswordHashing(),
        onProgress: ({ step, done, total }) => tell(total > 1 ? `${step} ${Math.floor((100 * done) / total)} %` : step),
      }),
    );
    return true;
  } finally {
    await database.close();
  }
}

export interface LogIn {
  role: string;
  email: string;
  password: string;
}

export async function readLogIns(dataFolder: string): Promise<LogIn[]> {
  const file = join(dataFolder, 'logins.json');
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as LogIn[]) : [];
}
