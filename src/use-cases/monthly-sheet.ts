import { localStamp } from '../domain/local-stamp.ts';
import { sheetDue } from '../domain/monthly-sheet-due.ts';
import { PLAIN_CSV } from '../domain/csv-line.ts';
import type { Settlement } from '../domain/settlement.ts';
import { momentOn, addToDay } from '../domain/time-bucket.ts';
import { NotFound } from '../errors.ts';
import { findBuildingOf } from '../store/buildings.ts';
import { queueMail } from '../store/outbox.ts';
import { addMonthlySheets, buildingsForSheets, type Report } from '../store/reports.ts';
import { unsettledPoints, type UnsettledPoint } from '../store/unsettled-points.ts';
import { loadSettlement } from './load-settlement.ts';
import type { Content, MakeReportDeps } from './report-content.ts';
import type { DownloadDeps } from './plan-download.ts';
import { monthSpan, writeSettlement } from './show-settlement.ts';

/** Makes a row for each sheet that is due; a row that is there is left alone, so that nothing goes out twice. */
export async function planMonthlySheets({ database, clock }: DownloadDeps): Promise<number> {
  const nowMs = clock();
  const wanted = (await buildingsForSheets(database.prisma)).flatMap(({ id, name, zone, createdAt, reports }) => {
    const due = sheetDue(nowMs, zone);
    const isPlanned = due === null || reports.some(({ sheetOf }) => sheetOf === due.month);
    // A house that came this month has no last one.
    if (isPlanned || createdAt.getTime() >= momentOn(`${addToDay(`${due.month}-01`, { months: 1 })}`, 0, zone)) return [];
    return [{ buildingId: id, month: due.month, title: `${name}: monthly sheet of ${due.month}, xlsx`.slice(0, 250) }];
  });
  await addMonthlySheets(database.pool, wanted, nowMs);
  return wanted.length;
}

const SHOWN_POINTS = 10;

function unsettledSentence(points: readonly UnsettledPoint[], zone: string): string {
  const each = points
    .slice(0, SHOWN_POINTS)
    .map(
      ({ flat, point, settledUntilMs }) =>
        `${flat} (${point}) ${settledUntilMs === null ? 'never' : `until ${localStamp(settledUntilMs, zone)}`}`,
    );
  const more = points.length > SHOWN_POINTS ? [`${points.length - SHOWN_POINTS} more`] : [];
  return [...each, ...more].join(', ');
}

function totals({ flats }: Settlement): { consumptionWh: number; ownWh: number; incomplete: string[] } {
  return {
    consumptionWh: flats.reduce((sum, { consumptionWh }) => sum + (consumptionWh ?? 0), 0),
    ownWh: flats.reduce((sum, { ownWh }) => sum + ownWh.reduce((own, wh) => own + wh, 0), 0),
    incomplete: flats.filter(({ unknownSlots }) => unknownSlots > 0).map(({ name }) => name),
  };
}

/** The sheet of a month with the mail it leaves by; while energy is not settled it waits, and says for what. */
export async function prepareMonthlySheet(deps: MakeReportDeps, report: Report, month: string): Promise<Content | { waitsFor: string }> {
  const { database, clock } = deps;
  const building = await findBuildingOf(database.prisma, report.buildingId);
  if (building === null) throw new NotFound('This building');
  const { id, name, zone, language, recipients } = building;
  const span = monthSpan(month, zone, clock());
  const due = sheetDue(clock(), zone);
  const unsettled = await unsettledPoints(database.pool, id, span.toMs);
  if (unsettled.length > 0 && due?.month === month && clock() < due.waitUntilMs) {
    const until = localStamp(due.waitUntilMs, zone).slice(0, 16);
    return { waitsFor: `Waits until ${until} for energy to be settled: ${unsettledSentence(unsettled, zone)}. Then it goes out as it is.` };
  }
  const loaded = await loadSettlement(database, id, span);
  const file = await writeSettlement({ ...loaded, zone }, { month, format: 'xlsx', style: PLAIN_CSV, nowMs: clock() });
  const { consumptionWh, ownWh, incomplete } = totals(loaded.settlement);
  const missing = unsettled.length > 0 ? unsettledSentence(unsettled, zone) : '';
  const notes = [
    ...(missing === '' ? [] : [`Not settled: ${missing}.`]),
    ...(incomplete.length === 0 ? [] : [`Parts of the month are unknown: ${incomplete.join(', ')}.`]),
    ...(recipients.trim() === '' ? ['Nobody is entered to receive it by mail.'] : []),
  ];
  return {
    fileName: file.name,
    note: notes.join(' '),
    fill: async (sink) => sink(file.content),
    async onDone(connection) {
      const facts = { building: name, month, flats: loaded.settlement.flats.length, consumptionWh, ownWh, incomplete, unsettled: missing };
      const data = { reportId: report.id, ...facts };
      const mail = await queueMail(connection, { incidentId: null, template: 'monthly-sheet', language, recipients, data });
      return mail === null ? [] : [mail];
    },
  };
}
