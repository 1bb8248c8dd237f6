import type { Config } from '../config.ts';
import { parseMoment } from '../domain/time-bucket.ts';
import { isDataFolder } from '../embedded/data-folder.ts';
import { openTerminal } from '../embedded/terminal.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { openDatabase } from '../store/database.ts';
import { rebuildEnergy } from '../use-cases/rebuild-energy.ts';
import { withServers } from './with-servers.ts';

export interface RebuildOptions {
  building?: string;
  from?: string;
}

function buildingOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new InvalidInput({ '--building': 'must be the number of a building, as its address in the back office ends' });
  return Number(text);
}

function startOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseMoment(text, 'UTC');
  if (ms === null) throw new InvalidInput({ '--from': 'must be a day, such as 2026-01-31, or a time with an offset' });
  return ms;
}

async function rebuild(databaseUrl: string, buildingId: number | null, fromMs: number | null): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 2 });
  try {
    if (buildingId !== null && (await database.prisma.building.count({ where: { id: buildingId } })) === 0) {
      throw new AppError('no-building', `There is no building ${buildingId}: nothing was rebuilt.`);
    }
    const terminal = openTerminal(process.stdout, Date.now);
    const { points } = await terminal.step('making the energy anew', (tell) =>
      rebuildEnergy({ database, clock: Date.now }, { buildingId, fromMs, onProgress: (done, total) => tell(`${done} of ${total} points`) }),
    );
    terminal.say(`Intervals, hours, days and months of ${points} points follow from the readings again.`);
  } finally {
    await database.close();
  }
}

/** `wattbook rebuild`: beside a running Wattbook, too. */
export async function runRebuild(config: Config, { building, from }: RebuildOptions): Promise<void> {
  const buildingId = buildingOf(building);
  const fromMs = startOf(from);
  if (config.DATABASE_URL !== undefined) return rebuild(config.DATABASE_URL, buildingId, fromMs);
  if (!isDataFolder(config.WATTBOOK_DATA)) {
    throw new AppError('no-data', `There is no Wattbook in ${config.WATTBOOK_DATA}: name its folder with WATTBOOK_DATA.`);
  }
  await withServers(config, ({ databaseUrl }) => rebuild(databaseUrl, buildingId, fromMs));
}
