import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Config } from '../config.ts';
import { sayProblem } from '../domain/import-problems.ts';
import { openTerminal, type Terminal } from '../embedded/terminal.ts';
import { AppError } from '../errors.ts';
import { openDatabase } from '../store/database.ts';
import type { ImportDeps, ImportFile, ImportReport, ImportRun, ImportStep } from '../use-cases/data-import.ts';
import { withDatabase } from './with-database.ts';

type DataImport = (deps: ImportDeps, files: ImportFile[], run: ImportRun) => Promise<ImportReport>;

const STEPS: Record<ImportStep, string> = { reading: 'read', checking: 'checked', storing: 'stored' };
const MOST_METERS_SHOWN = 60;

/** An import from files of this machine: beside a running Wattbook, too. */
export async function runDataImport(config: Config, paths: readonly string[], dryRun: boolean, work: DataImport): Promise<void> {
  const files = await Promise.all(paths.map(fileAt));
  const into = async (url: string) => {
    const database = openDatabase(url, { connections: 4 });
    const terminal = openTerminal(process.stdout, Date.now);
    try {
      const report = await terminal.step(dryRun ? 'looking through the file' : 'importing', (tell) =>
        work({ database, clock: Date.now }, files, {
          dryRun,
          onProgress: (step, done, total) => tell(`${STEPS[step]} ${total === 0 ? 100 : Math.floor((100 * done) / total)} %`),
        }),
      );
      sayReport(terminal, report, dryRun);
    } finally {
      await database.close();
    }
  };
  await withDatabase(config, into);
}

async function fileAt(path: string): Promise<ImportFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is not a file');
    return { name: basename(path), bytes: found.size, open: () => createReadStream(path, { highWaterMark: 256 * 1024 }) };
  } catch (cause) {
    throw new AppError('no-file', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function sayReport(terminal: Terminal, report: ImportReport, dryRun: boolean): void {
  const { made, meters, notes, problems, problemCount, stored } = report;
  for (const thing of made) terminal.say(`  ${thing}`);
  for (const meter of meters.slice(0, MOST_METERS_SHOWN)) {
    terminal.say(`  ${meter.serial} (${meter.place}): ${meter.fresh} new of ${meter.readings} readings, ${meter.from} to ${meter.to}`);
  }
  if (meters.length > MOST_METERS_SHOWN) terminal.say(`  and ${meters.length - MOST_METERS_SHOWN} more meters`);
  for (const note of notes) terminal.say(`  note: ${note}`);
  for (const problem of problems) console.error(sayProblem(problem));
  if (problemCount > problems.length) console.error(`and ${problemCount - problems.length} more errors`);
  if (problemCount > 0) throw new AppError('refused', `Nothing was stored: ${problemCount === 1 ? '1 error' : `${problemCount} errors`}.`);
  const fresh = meters.reduce((sum, meter) => sum + meter.fresh, 0);
  if (dryRun) return terminal.say('Nothing was stored: this was a dry run.');
  if (stored) terminal.say(`Stored ${fresh} readings. Their energy is settled in the background.`);
}
