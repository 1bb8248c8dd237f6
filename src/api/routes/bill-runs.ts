import { formatMicro } from '../../domain/money.ts';
import { reach } from '../../domain/permission.ts';
import { listBillRuns, type BillRunRow } from '../../store/bill-runs.ts';
import { dayOf } from '../../store/sql-time.ts';
import { discardBillRun } from '../../use-cases/discard-bill-run.ts';
import { issueBills, issueInput } from '../../use-cases/issue-bills.ts';
import { previewBillRun } from '../../use-cases/preview-bill-run.ts';
import { billRunInput, requestBillRun } from '../../use-cases/request-bill-run.ts';
import { showBillRun, type BillRunShown } from '../../use-cases/show-bill-run.ts';
import { openRunFile } from '../../use-cases/write-bill-file.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, listOf, money, pageQuery, time, wholeNumber, z } from '../schema.ts';

const billRun = z
  .object({
    id,
    buildingId: id,
    from: z.iso.date(),
    to: z.iso.date().openapi({ description: 'The day after the last one' }),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'replaced', 'discarded']),
    progress: z.number().int().openapi({ description: 'Per cent' }),
    problem: z.string().openapi({ description: 'Why it failed, or what it waits for' }),
    hash: z.string().openapi({ description: 'Of everything the bills were made from: the same as long as nothing of it changes' }),
    bills: z.number().int(),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .openapi('BillRun');

function toRun({ fromDay, toDay, _count, ...row }: BillRunRow): z.input<typeof billRun> {
  return { ...row, from: dayOf(fromDay), to: dayOf(toDay), bills: _count.bills };
}

const shownRun = z
  .object({
    ...billRun.shape,
    open: z.number().int().openapi({ description: 'How many of its bills are not issued' }),
    firstNumber: z.number().int().nullable(),
    lastNumber: z.number().int().nullable(),
    currency: z.string(),
    total: money,
    consumptionWh: wholeNumber,
    ownWh: wholeNumber,
    estimatedWh: wholeNumber,
    withMissing: z.number().int().openapi({ description: 'Bills with quarter hours that are not known' }),
    outdated: z.enum(['energy', 'setup']).nullable().openapi({
      description:
        'What its bills no longer fit: the energy of their days, or tariffs, parties, flats and the split. Open ones are made anew by themselves within some minutes, for issued ones a new run makes bills of the difference',
    }),
    problem: z.string().openapi({ description: 'Why it failed, what it waits for, or why it cannot be made anew yet' }),
    remadeAt: time.nullable(),
    remadeFor: z.enum(['energy', 'setup']).nullable().openapi({ description: 'Why it was made anew by itself' }),
    remadeFrom: money.nullable().openapi({ description: 'What its bills came to before' }),
  })
  .openapi('ShownBillRun');

function toShown({ run, sum, outdated, problem }: BillRunShown): z.input<typeof shownRun> {
  const { totalMicro, ...counts } = sum;
  return {
    ...toRun(run),
    ...counts,
    total: formatMicro(totalMicro),
    outdated,
    problem: problem ?? run.problem,
    remadeAt: run.remadeAt,
    remadeFor: run.remadeFor,
    remadeFrom: run.remadeFromMicro === null ? null : formatMicro(run.remadeFromMicro),
  };
}

const tags: [string] = ['bills'];
const params = z.object({ billRunId: idParam });

export const billRunRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/bill-runs',
    summary: 'The runs that made bills',
    tags,
    // A tenant reads own bills, and no runs.
    permission: 'bill:run',
    query: z.object({ ...pageQuery, buildingId: idParam.optional() }),
    response: listOf(billRun),
    handler: async ({ deps, actor, query: { buildingId, ...page } }) =>
      toList(await listBillRuns(deps.database.prisma, reach(actor, 'bill:run'), { buildingId }, pageRequest(page)), toRun),
  }),
  route({
    method: 'post',
    path: '/buildings/:buildingId/bill-runs',
    name: 'runBills',
    summary: 'Make the bills of a period, as a job',
    tags,
    permission: 'bill:run',
    params: z.object({ buildingId: idParam }),
    body: billRunInput,
    response: billRun,
    status: 202,
    handler: async ({ deps, actor, params: { buildingId }, body }) => toRun(await requestBillRun(deps, actor, { ...body, buildingId })),
  }),
  route({
    method: 'get',
    path: '/bill-runs/:billRunId',
    summary: 'One run: how far it is, what it comes to, and whether it still fits',
    tags,
    permission: 'bill:run',
    params,
    response: shownRun,
    handler: async ({ deps, actor, params: { billRunId } }) => toShown(await showBillRun(deps, actor, { id: billRunId })),
  }),
  route({
    method: 'get',
    path: '/buildings/:buildingId/bill-runs/preview',
    name: 'previewBillRun',
    summary: 'What a run would meet; without a period the last billing month that is over',
    tags,
    permission: 'bill:run',
    params: z.object({ buildingId: idParam }),
    query: billRunInput,
    response: z.object({
      from: z.iso.date(),
      to: z.iso.date(),
      problem: z.string().nullable().openapi({ description: 'What stands in the way' }),
      openRunId: id.nullable().openapi({ description: 'The run of these days whose bills are open: a new one replaces them' }),
      issued: z.number().int().openapi({ description: 'Bills of these days that are issued: a new run asks for the difference' }),
    }),
    handler: ({ deps, actor, params: { buildingId }, query }) => previewBillRun(deps, actor, { ...query, buildingId }),
  }),
  route({
    method: 'post',
    path: '/bill-runs/:billRunId/discard',
    name: 'discardBills',
    summary: 'Throw the open bills of a run away',
    tags,
    permission: 'bill:run',
    params,
    handler: ({ deps, actor, params: { billRunId } }) => discardBillRun(deps, actor, { id: billRunId }),
  }),
  route({
    method: 'get',
    path: '/bill-runs/:billRunId/file',
    summary: 'All bills of a run: in one spreadsheet, or each as a PDF in an archive',
    tags,
    permission: 'bill:run',
    params,
    query: z.object({ format: z.enum(['xlsx', 'zip'], 'must be xlsx or zip').default('xlsx') }),
    response: z.custom<StreamedFile>(),
    async handler({ deps, actor, params: { billRunId }, query: { format } }) {
      const { name, write } = await openRunFile(deps, actor, { id: billRunId, format });
      return new StreamedFile({
        name,
        type: TYPE_OF_FORMAT[format],
        write: (sink, signal) => deps.downloads.within(() => write(sink, signal), signal),
      });
    },
  }),
  route({
    method: 'post',
    path: '/bill-runs/:billRunId/issue',
    name: 'issueBills',
    summary: 'Make the open bills of a run final and number them',
    tags,
    permission: 'bill:issue',
    params,
    body: issueInput,
    response: z.object({ issued: z.number().int(), firstNumber: z.number().int() }),
    handler: ({ deps, actor, params: { billRunId }, body }) => issueBills(deps, actor, { ...body, id: billRunId }),
  }),
];
