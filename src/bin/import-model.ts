import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Config } from '../config.ts';
import { sayFinding } from '../domain/cell-table.ts';
import { isModelFormat, MODEL_FORMATS } from '../domain/model-file.ts';
import { consoleActor } from '../domain/permission.ts';
import { isDataFolder } from '../embedded/data-folder.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { MOST_FILE_BYTES } from '../sheets/read-tables.ts';
import { openDatabase } from '../store/database.ts';
import { importModel } from '../use-cases/import-model.ts';
import { previewModelImport, type ModelFile } from '../use-cases/preview-model-import.ts';
import { importReport } from './import-report.ts';
import { withServers } from './with-servers.ts';

export interface ImportModelOptions {
  file: string;
  key?: string;
  format?: string;
  dryRun?: boolean;
  yes?: boolean;
}

/** `wattbook import-model FILE`: shows what would change, and stores it. */
export async function runImportModel(
  config: Config,
  { file, key, format, dryRun = false, yes = false }: ImportModelOptions,
): Promise<void> {
  if (format !== undefined && !isModelFormat(format)) throw new InvalidInput({ '--format': `must be one of ${MODEL_FORMATS.join(', ')}` });
  const given: ModelFile = { name: basename(file), key, format, bytes: await readStart(file) };
  const { DATABASE_URL: url } = config;
  if (url !== undefined) return importInto(url, given, { dryRun, yes });
  if (!isDataFolder(config.WATTBOOK_DATA)) {
    throw new AppError('no-data', `There is no Wattbook in ${config.WATTBOOK_DATA}: name its folder with WATTBOOK_DATA.`);
  }
  await withServers(config, ({ databaseUrl }) => importInto(databaseUrl, given, { dryRun, yes }));
}

/** No more of it than shows that it is too large. */
export async function readStart(path: string): Promise<Buffer> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_FILE_BYTES + 1));
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new AppError('no-file', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function importInto(databaseUrl: string, file: ModelFile, { dryRun, yes }: { dryRun: boolean; yes: boolean }): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 2 });
  const deps = { database, clock: Date.now };
  try {
    const preview = await previewModelImport(deps, consoleActor(), file);
    for (const line of importReport(preview)) console.log(line);
    const { problems, models } = preview;
    for (const problem of problems) console.error(sayFinding(problem));
    if (problems.length > 0)
      throw new AppError('refused', `Nothing was stored: ${problems.length === 1 ? '1 error' : `${problems.length} errors`}.`);
    const differing = models.filter(({ state }) => state === 'changed').map(({ model }) => model.key);
    if (models.every(({ state }) => state === 'unchanged')) return console.log('Nothing changes.');
    if (dryRun) return console.log('Nothing was stored: this was a dry run.');
    if (differing.length > 0 && !yes && !(await confirm(differing))) throw new AppError('not-confirmed', 'Nothing was stored.');
    const stored = await importModel(deps, consoleActor(), { ...file, replace: true });
    console.log(`Stored ${stored.models.map((model) => model.key).join(', ')}.`);
  } finally {
    await database.close();
  }
}

async function confirm(keys: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new AppError('not-confirmed', `Nothing was stored, for nobody is here to confirm it: --yes replaces ${keys.join(', ')} unasked.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input are an answer, too.
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(`Replace ${keys.join(', ')}? Type yes to go on: `), left]);
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}
