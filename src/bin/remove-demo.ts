import { createInterface } from 'node:readline/promises';
import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { isDataFolder } from '../embedded/data-folder.ts';
import { openTerminal } from '../embedded/terminal.ts';
import { AppError } from '../errors.ts';
import { openRedis } from '../queue/redis.ts';
import { openDatabase } from '../store/database.ts';
import { findDemoBuilding } from '../store/demo-building.ts';
import { countUsers } from '../store/users.ts';
import { removeDemoBuilding } from '../use-cases/remove-demo-building.ts';
import { withServers, type FoundServers } from './with-servers.ts';

export interface RemoveDemoOptions {
  yes?: boolean;
}

/** `wattbook demo remove`: whoever has the shell may do it, and is asked first. */
export async function runRemoveDemo(config: Config, { yes = false }: RemoveDemoOptions): Promise<void> {
  if (!yes && !process.stdin.isTTY) {
    throw new AppError('not-confirmed', 'Nobody is here to confirm it: `wattbook demo remove --yes` removes the demo building unasked.');
  }
  if (config.DATABASE_URL === undefined && !isDataFolder(config.WATTBOOK_DATA)) {
    throw new AppError('no-data', `There is no Wattbook in ${config.WATTBOOK_DATA}: name its folder with WATTBOOK_DATA.`);
  }
  await withServers(config, (servers) => removeFrom(servers, yes));
}

async function removeFrom({ databaseUrl, redisUrl, dataFolder, running }: FoundServers, yes: boolean): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 2 });
  const redis = openRedis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  try {
    const demo = await findDemoBuilding(database.prisma);
    if (demo === null) throw new AppError('no-demo', 'There is no demo building here: nothing was removed.');
    if (!yes && !(await confirm(demo.name))) throw new AppError('not-confirmed', 'That is not its name: nothing was removed.');
    const terminal = openTerminal(process.stdout, Date.now);
    const { summary } = await terminal.step('removing the demo building', () =>
      removeDemoBuilding({ database, redis, dataDir: dataFolder }, consoleActor()),
    );
    terminal.say(`\n${summary}\n${whatNext(await countUsers(database.prisma), running)}`);
  } finally {
    redis.disconnect();
    await database.close();
  }
}

async function confirm(name: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input are an answer, too.
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  console.log(`This removes "${name}" with its flats, meters, readings and log-ins. It cannot be undone.`);
  const answer = await Promise.race([terminal.question('Type the name of the building to go on: '), left]);
  terminal.close();
  return answer.trim() === name;
}

function whatNext(users: number, running: boolean): string {
  const start = running
    ? 'Stop Wattbook (Ctrl-C where `npm start` runs) and run `npm start` again'
    : 'Run `npm start` (elsewhere: start the server with WATTBOOK_DEMO=0)';
  if (users > 0) return `${users === 1 ? '1 log-in stays' : `${users} log-ins stay`}. ${start}: the building is yours to make.`;
  return `No log-in is left. ${start}: it shows the code with which you make the administrator in the browser.`;
}
