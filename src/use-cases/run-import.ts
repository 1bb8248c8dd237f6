import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Actor } from '../domain/permission.ts';
import { makeActors } from '../store/actors.ts';
import { endImport, filesOf, findImport, readParts, showImportProgress, type DataImport } from '../store/data-imports.ts';
import type { Database } from '../store/database.ts';
import type { ImportFile, ImportReport, ImportRun } from './data-import.ts';
import { importEmdc } from './import-emdc.ts';
import { importEmm } from './import-emm.ts';
import { IMPORT_OPTIONS, type ImportKind } from './import-kinds.ts';
import { importMmetering } from './import-mmetering.ts';
import { importReadings } from './import-readings.ts';

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
  const file = sentFiles(pool, found);
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
  const { options } = found;
  switch (found.kind as ImportKind) {
    case 'readings':
      return importReadings(deps, actor, file('data'), { ...IMPORT_OPTIONS.readings.parse(options), ...run });
    case 'mmetering':
      return importMmetering(deps, actor, file('data'), { input: IMPORT_OPTIONS.mmetering.parse(options), ...run });
    case 'emdc': {
      const meta = filesOf(found).some(({ role }) => role === 'meta') ? file('meta') : null;
      const files = { topics: file('topics'), data: file('data'), meta };
      return importEmdc(deps, actor, files, { input: IMPORT_OPTIONS.emdc.parse(options), ...run });
    }
    case 'emm': {
      const files = { meters: file('meters'), registers: file('registers'), data: file('data') };
      return importEmm(deps, actor, files, { input: IMPORT_OPTIONS.emm.parse(options), ...run });
    }
  }
}

/** What was sent, by its role. Files of one name are told apart in what is said of them. */
function sentFiles(pool: Database['pool'], found: DataImport): (role: string) => ImportFile {
  const files = filesOf(found);
  return (role) => {
    const place = files.findIndex((one) => one.role === role);
    const sent = files[place];
    if (!sent) throw new AppError('no-file', `The file ${role} was not sent.`);
    const isAlone = files.every((one) => one === sent || one.name !== sent.name);
    return { name: isAlone ? sent.name : `${sent.name} (${role})`, bytes: sent.bytes, open: () => readParts(pool, found.id, place) };
  };
}
