import { NotFound } from '../../errors.ts';
import { findReport, listReports, type Report } from '../../store/reports.ts';
import { deleteReport } from '../../use-cases/delete-report.ts';
import { openReport } from '../../use-cases/open-report.ts';
import { REPORT_KINDS, reportInput, requestReport } from '../../use-cases/request-report.ts';
import { reportsWithin } from '../../use-cases/report-rights.ts';
import { sendReport } from '../../use-cases/send-report.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, listOf, pageQuery, time, wholeNumber, z } from '../schema.ts';

const report = z
  .object({
    id,
    buildingId: id,
    what: z.enum(REPORT_KINDS),
    title: z.string(),
    format: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'expired']),
    progress: z.number().int().openapi({ description: 'Per cent' }),
    note: z.string().openapi({ description: 'What it waits for, what is missing in it, or why it failed' }),
    month: z.string().nullable().openapi({ description: 'Of a sheet that goes out by itself' }),
    asked: z.record(z.string(), z.string()).openapi({ description: 'What was asked for, as it was sent' }),
    actor: z.string(),
    createdAt: time,
    finishedAt: time.nullable(),
    expiresAt: time.nullable(),
    bytes: wholeNumber.nullable(),
    href: z.string().nullable().openapi({ description: 'The file, until it expires; whoever follows it must have the right to' }),
  })
  .openapi('Report');

function toReport({ kind, sheetOf, fileKey, ask, ...row }: Report): z.input<typeof report> {
  const href = row.state === 'done' && fileKey !== null ? `/api/v1/reports/${row.id}/file?key=${fileKey}` : null;
  return { ...row, what: kind, month: sheetOf, asked: ask as Record<string, string>, href };
}

const tags: [string] = ['downloads'];
const params = z.object({ reportId: idParam });

export const reportRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/reports',
    summary: 'Files that were made: of the buildings where one may download, and those one asked for',
    tags,
    permission: 'reading:download',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      mine: z.literal('true').optional().openapi({ description: 'Only what one asked for oneself' }),
    }),
    response: listOf(report),
    async handler({ deps, actor, query: { buildingId, mine, ...page } }) {
      const filter = { buildingId, ...(mine === undefined ? {} : { userId: actor.userId }) };
      return toList(await listReports(deps.database.prisma, reportsWithin(actor), filter, pageRequest(page)), toReport);
    },
  }),
  route({
    method: 'post',
    path: '/buildings/:buildingId/reports',
    name: 'requestReport',
    summary: 'Ask for a file that is made in the background: the monthly sheet of a month, or what a download gives',
    tags,
    permission: 'signed-in',
    params: z.object({ buildingId: idParam }),
    body: reportInput,
    response: report,
    status: 202,
    handler: async ({ deps, actor, params: { buildingId }, request }) =>
      toReport(await requestReport(deps, actor, { ...(request.body as z.input<typeof reportInput>), buildingId })),
  }),
  route({
    method: 'get',
    path: '/reports/:reportId',
    summary: 'One report: how far it is, and where its file is',
    tags,
    permission: 'reading:download',
    params,
    response: report,
    handler: async ({ deps, actor, params: { reportId } }) => {
      const row = await findReport(deps.database.prisma, reportsWithin(actor), reportId);
      if (row === null) throw new NotFound('This report');
      return toReport(row);
    },
  }),
  route({
    method: 'get',
    path: '/reports/:reportId/file',
    name: 'downloadReport',
    summary: 'The file of a report, by the link in it',
    tags,
    permission: 'reading:download',
    params,
    query: z.object({ key: z.string().max(60) }),
    response: z.object({}).openapi('ReportFile'),
    files: true,
    refuses: [410],
    handler: async ({ deps, actor, params: { reportId }, query: { key } }) => {
      const { report: row, content } = await openReport(deps, actor, { id: reportId, key });
      return new StreamedFile({
        name: row.fileName,
        type: TYPE_OF_FORMAT[row.format as keyof typeof TYPE_OF_FORMAT],
        async write(sink) {
          for await (const piece of content as AsyncIterable<Buffer>) await sink(piece);
        },
      });
    },
  }),
  route({
    method: 'post',
    path: '/reports/:reportId/send',
    name: 'sendReport',
    summary: 'Mail a monthly sheet once more to the recipients of the building',
    tags,
    permission: 'reading:download',
    params,
    response: z.object({ recipients: z.string() }),
    status: 202,
    handler: ({ deps, actor, params: { reportId } }) => sendReport(deps, actor, { id: reportId }),
  }),
  route({
    method: 'delete',
    path: '/reports/:reportId',
    summary: 'Remove a report with its file',
    tags,
    permission: 'reading:download',
    params,
    handler: ({ deps, actor, params: { reportId } }) => deleteReport(deps, actor, { id: reportId }),
  }),
];
