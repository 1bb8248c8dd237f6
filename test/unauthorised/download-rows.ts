import { makeReportFiles } from '../../src/store/report-files.ts';
import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const DOWNLOADED: Statuses = [401, 200, 404, 403, 404, 200, 404, 200];

const SEEN_BY_PROVIDER: Statuses = [401, 404, 404, 404, 404, 200, 404, 200];

const sheetMonth = (n: number) => new Date(Date.UTC(2030, n, 1)).toISOString().slice(0, 7);

const aBuilding = ({ world }: CellContext) => ({ params: { buildingId: world.a.buildingId } });

/** Made for somebody of the staff. */
async function newReport({ test, world, n }: CellContext, more: { sheetOf?: string } = {}) {
  const file = await makeReportFiles(test.deps.config.WATTBOOK_DATA).write(async (sink) => sink('a,b'));
  const { id } = await test.database.prisma.report.create({
    data: {
      ...{ buildingId: world.a.buildingId, kind: 'energy', title: `Report ${n}`, format: 'csv', ask: {}, actor: 'a', state: 'done' },
      ...{ fileName: 'a.csv', fileKey: file.key, bytes: 3n, ...more },
    },
  });
  return { params: { reportId: id }, query: { key: file.key } };
}

export const downloadRows: readonly Row[] = [
  row('get /buildings/:buildingId/settlement', DOWNLOADED, (context) => ({ ...aBuilding(context), query: { month: '2026-01' } })),
  row('get /buildings/:buildingId/downloads/:what', DOWNLOADED, ({ world }) => ({
    params: { buildingId: world.a.buildingId, what: 'energy' },
  })),

  row('get /reports', [401, 200, 200, 403, 403, 200, 200, 200]),
  row('post /buildings/:buildingId/reports', [401, 202, 404, 403, 404, 202, 404, 202], (context) => ({
    ...aBuilding(context),
    body: { what: 'energy', from: '2026-01-01' },
  })),
  row('get /reports/:reportId', SEEN_BY_PROVIDER, async (context) => ({ params: (await newReport(context)).params })),
  row('get /reports/:reportId/file', SEEN_BY_PROVIDER, (context) => newReport(context)),
  // Nobody is entered to receive mails of this building: whoever may send them is told so.
  row('post /reports/:reportId/send', [401, 404, 404, 403, 403, 409, 404, 409], async (context) => ({
    params: (await newReport(context, { sheetOf: sheetMonth(context.n) })).params,
  })),
  row('delete /reports/:reportId', [401, 404, 404, 403, 403, 204, 404, 204], async (context) => ({
    params: (await newReport(context)).params,
  })),
];
