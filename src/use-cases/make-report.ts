import { languageOf, type Language } from '../domain/language.ts';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { AppError, Forbidden } from '../errors.ts';
import { refusalIn } from '../http/problem.ts';
import { makeActors } from '../store/actors.ts';
import { beginReport, failReport, finishReport, postponeReport, showReportProgress, type Report } from '../store/reports.ts';
import { inTransaction } from '../store/transaction.ts';
import { findUser } from '../store/users.ts';
import type { Sink } from '../sheets/write-table.ts';
import { csvStyle } from './download-input.ts';
import { parseInput } from './input.ts';
import { outageOf, outageSentence } from './outage.ts';
import { orderOf, planDownload } from './open-download.ts';
import type { Content, MakeReportDeps } from './report-content.ts';
import { reportInput } from './request-report.ts';
import { prepareMonthlySheet } from './monthly-sheet.ts';
import { showSettlement, writeSettlement } from './show-settlement.ts';

const DAY_MS = 24 * 3_600_000;
const KEPT_DAYS = 7;
/** The copies of what was mailed. */
const SHEETS_KEPT_DAYS = 400;
const LOOK_AGAIN_MS = 10 * 60_000;
const TRY_AGAIN_MS = 60_000;

/** The job: what it cannot do is written at the report, for the person who asked for it. */
export async function makeReport(deps: MakeReportDeps, reportId: number): Promise<'done' | 'failed' | 'gone' | 'waits'> {
  const { database, clock, log } = deps;
  const report = await beginReport(database.prisma, reportId, clock());
  if (report === null) return 'gone';
  try {
    const content = await contentOf(deps, report);
    if ('waitsFor' in content) {
      await postponeReport(database.prisma, reportId, content.waitsFor, new Date(clock() + LOOK_AGAIN_MS));
      return 'waits';
    }
    return await writeReport(deps, report, content);
  } catch (err) {
    const outage = outageOf(err);
    // On a full disk a person is told, and asks again; nobody asks for a sheet.
    if (outage !== null && (outage !== err || outage.code !== 'disk-full' || report.sheetOf !== null)) {
      log.warn({ err, reportId }, 'a report waits');
      await postponeReport(database.prisma, reportId, outageSentence(outage), new Date(clock() + TRY_AGAIN_MS));
      return 'waits';
    }
    const known = err instanceof AppError && err.status !== 500 ? err : null;
    if (!known || known.status > 500) log.error({ err, reportId }, 'a report failed');
    const language = await languageOfAsker(deps, report);
    const note = known ? refusalIn(known, language) : say('fileFailed').in(language);
    await failReport(database.prisma, reportId, note, new Date(clock()));
    return 'failed';
  }
}

async function writeReport(
  { database, files, queues, clock, log }: MakeReportDeps,
  report: Report,
  content: Content,
): Promise<'done' | 'gone'> {
  const { key, bytes } = await files.write((sink) => content.fill(sink));
  const finishedMs = clock();
  const expiresMs = finishedMs + (report.sheetOf === null ? KEPT_DAYS : SHEETS_KEPT_DAYS) * DAY_MS;
  const finished = { id: report.id, fileName: content.fileName, fileKey: key, bytes, note: content.note, finishedMs, expiresMs };
  const mails = await inTransaction(database.pool, async (connection) => {
    // Two that came to the same report: only one of them mails.
    if (!(await finishReport(connection, finished))) return null;
    return (await content.onDone?.(connection)) ?? [];
  });
  if (mails === null) {
    await files.remove(key);
    return 'gone';
  }
  try {
    if (mails.length > 0) await queues.addMails(mails);
  } catch (err) {
    // It is in the outbox: the reconciler hands it on.
    log.warn({ err, reportId: report.id }, 'a report is done, its mail waits');
  }
  return 'done';
}

/** With the rights of now: somebody who lost them since gets nothing. */
async function askerOf({ database }: MakeReportDeps, { userId }: Report): Promise<Actor> {
  const found = userId === null ? null : await makeActors(database).byUser(userId);
  if (found === null) throw new Forbidden(say('askerGone'));
  return found.actor;
}

/** Of whoever reads the note; a sheet is nobody's. */
async function languageOfAsker({ database }: MakeReportDeps, { userId }: Report): Promise<Language> {
  const asker = userId === null ? null : await findUser(database.prisma, userId);
  return languageOf(asker?.language ?? 'en');
}

async function contentOf(deps: MakeReportDeps, report: Report): Promise<Content | { waitsFor: string }> {
  if (report.sheetOf !== null) return prepareMonthlySheet(deps, report, report.sheetOf);
  const actor = await askerOf(deps, report);
  const { what, month, ...asked } = parseInput(reportInput, { what: report.kind, ...(report.ask as object) });
  const style = csvStyle(asked);
  if (what === 'settlement') {
    const format = asked.format === 'csv' ? 'csv' : 'xlsx';
    const shown = await showSettlement(deps, actor, { buildingId: report.buildingId, month: month ?? '', zone: asked.zone });
    const file = await writeSettlement(shown, { month: month ?? '', format, style, nowMs: deps.clock() });
    return { fileName: file.name, note: '', fill: async (sink) => sink(file.content) };
  }
  const plan = await planDownload(deps, actor, { buildingId: report.buildingId, what, ...asked });
  return {
    fileName: `${plan.name}.${asked.format}`,
    note: '',
    fill: (sink: Sink) => deps.exports.write(orderOf(plan, { format: asked.format, style }), sink, { onProgress: shown(deps, report.id) }),
  };
}

function shown({ database, clock }: MakeReportDeps, reportId: number): (done: number) => Promise<void> {
  return (done) => showReportProgress(database.prisma, reportId, Math.min(99, Math.floor(done * 100)), clock());
}
