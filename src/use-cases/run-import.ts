import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Actor } from '../domain/permission.ts';
import { makeActors } from '../store/actors.ts';
import { endImport, filesOf, findImport, readParts, showImportProgress, type DataImport } from '../store/data-imports.ts';
import type { Database } from '../store/database.ts';
import type { ImportFile, ImportReport, ImportRun } from './data-import.ts';
import { importMmetering } from './import-mmetering.ts';
import { importReadings } from './import-readings.ts';
import { IMPORT_OPTIONS } from './sent-import.ts';

export interface RunImportDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
  log: Logger;
}

/** People look once a second. */
const TELL_MS = 500;

/** The job: looks through a file that was sent, or stores it. What it cannot do is written at the import, for the person. */
export async function runImport(deps: RunImportDeps, importId: number): Promise<'done' | 'failed' | 'gone'> {
  const { database, clock, log } = deps;
  const found = await findImport(database.prisma, null, importId);
  if (found === null || (found.state !== 'checking' && found.state !== 'storing')) return 'gone';
  const end = { problem: '', report: null, buildingId: null, finishedMs: clock() };
  try {
    const sender = await makeActors(database).byUser(found.userId);
    if (sender === null) throw new AppError('no-sender', 'Whoever sent this file may no longer log in.');
    const report = await importWith(deps, sender.actor, found);
    if (!report.stored) await endImport(database.pool, importId, { ...end, state: 'checked', report, finishedMs: null });
    return 'done';
  } catch (err) {
    const known = err instanceof AppError;
    if (!known) log.error({ err, importId }, 'import failed');
    const problem = known ? err.message : 'Something went wrong here, and nothing was stored. It was written to the log; try it again.';
    await endImport(database.pool, importId, { ...end, state: 'failed', problem });
    return 'failed';
  }
}

function importWith(deps: RunImportDeps, actor: Actor, found: DataImport): Promise<ImportReport> {
  const { pool } = deps.database;
  const [sent] = filesOf(found);
  const file: ImportFile = { name: sent?.name ?? '', bytes: sent?.bytes ?? 0, open: () => readParts(pool, found.id, 0) };
  let toldMs = 0;
  const run: ImportRun = {
    dryRun: found.state === 'checking',
    onProgress(step, done, total) {
      if (deps.clock() < toldMs + TELL_MS) return;
      toldMs = deps.clock();
      const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / total));
      showImportProgress(pool, found.id, step, percent).catch((err: unknown) => deps.log.warn({ err }, 'progress of an import'));
    },
    // With what is stored, so that no crash leaves one without the other.
    onStored: (connection, report) =>
      endImport(connection, found.id, { state: 'done', problem: '', report, buildingId: report.buildingId, finishedMs: deps.clock() }),
  };
  return found.kind === 'mmetering'
    ? importMmetering(deps, actor, file, { input: IMPORT_OPTIONS.mmetering.parse(found.options), ...run })
    : importReadings(deps, actor, file, { ...IMPORT_OPTIONS.readings.parse(found.options), ...run });
}
