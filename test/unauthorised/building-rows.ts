import { readFileSync } from 'node:fs';
import { ONLY_ADMINISTRATOR, row, SIGNED_IN, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN_IN_BUILDING: Statuses = [401, 404, 404, 200, 404, 200, 404, 200];
const SEEN_BY_TENANT_TOO: Statuses = [401, 200, 404, 200, 404, 200, 404, 200];
const SEEN_BY_PROVIDER: Statuses = [401, 404, 404, 404, 404, 200, 404, 200];
const LISTED_FOR_PROVIDERS: Statuses = [401, 403, 403, 403, 403, 200, 200, 200];
const DONE_BY_PROVIDER = (status: number): Statuses => [401, 403, 403, 403, 403, status, 404, status];
// Who may ask a poller waits for it in vain: none runs in these tests.
const NO_POLLER = 504;
const MODEL = readFileSync('meters/eastron-sdm120.csv', 'utf8');

const aBuilding = ({ world }: CellContext) => ({ params: { buildingId: world.a.buildingId } });
const aFlat = ({ world }: CellContext) => ({ params: { flatId: world.a.flatId } });
const aPoint = ({ world }: CellContext) => ({ params: { pointId: world.a.pointId } });
const aTenancy = ({ world }: CellContext) => ({ params: { tenancyId: world.a.tenancyId } });
const aLine = ({ world }: CellContext) => ({ params: { lineId: world.a.lineId } });
const aMeter = ({ world }: CellContext) => ({ params: { meterId: world.a.meterId } });
const anInstallation = ({ world }: CellContext) => ({ params: { installationId: world.a.installationId } });

async function newBuilding({ test, n }: CellContext) {
  const { id } = await test.database.prisma.building.create({ data: { name: `Empty house ${n}` } });
  return { params: { buildingId: id } };
}

async function newFlat({ test, world, n }: CellContext) {
  const { id } = await test.database.prisma.flat.create({ data: { buildingId: world.a.buildingId, name: `flat ${n}` } });
  return { params: { flatId: id } };
}

async function newPoint(context: CellContext) {
  const { flatId } = (await newFlat(context)).params;
  const { id } = await context.test.database.prisma.point.create({ data: { flatId, name: 'main' } });
  return { params: { pointId: id } };
}

async function newLine({ test, world, n }: CellContext) {
  const data = { buildingId: world.a.buildingId, name: `line ${n}`, host: '127.0.0.1', port: 10_000 + n };
  return { params: { lineId: (await test.database.prisma.line.create({ data })).id } };
}

async function newScan(context: CellContext) {
  const { params } = await newLine(context);
  const { scanId } = await context.test.deps.scans.start('main', { ...params, from: 1, to: 2, deadlineMs: Date.now() });
  return { params: { ...params, scanId } };
}

async function newTenancy(context: CellContext) {
  const { flatId } = (await newFlat(context)).params;
  const data = { flatId, name: 'Party', fromAt: new Date('2025-01-01T00:00:00Z') };
  return { params: { tenancyId: (await context.test.database.prisma.tenancy.create({ data })).id } };
}

async function newMeter(context: CellContext, state: 'ok' | 'closed') {
  const { world, n } = context;
  const { prisma } = context.test.database;
  const { pointId } = (await newPoint(context)).params;
  const { lineId } = (await newLine(context)).params;
  const { id: meterId } = await prisma.meter.create({ data: { serial: `new ${n}`, modelId: world.a.modelId, state } });
  const fromAt = new Date('2025-01-01T00:00:00Z');
  const end = state === 'closed' ? { toAt: new Date('2025-02-01T00:00:00Z'), running: false } : {};
  const { id: installationId } = await prisma.installation.create({ data: { pointId, lineId, meterId, unitId: 1, fromAt, ...end } });
  return { meterId, pointId, lineId, installationId };
}

async function newCorrection({ test, world, n }: CellContext) {
  const { pointId } = world.a;
  const data = {
    kind: 'override_interval',
    pointId,
    direction: 'import',
    at: new Date(n * 900_000),
    wh: 1n,
    reason: 'Test',
    actor: 'x',
  } as const;
  return { params: { correctionId: (await test.database.prisma.correction.create({ data })).id } };
}

const anOverride = ({ world, n }: CellContext) => ({
  kind: 'override-interval',
  pointId: world.a.pointId,
  at: new Date(1_735_689_600_000 + n * 900_000).toISOString(),
  flow: 'import',
  wh: n,
});

async function newFormula(context: CellContext) {
  const { world, test } = context;
  const { params } = await newPoint(context);
  await test.database.prisma.pointTerm.create({ data: { ...params, partId: world.a.pointId, sign: 'plus' } });
  return { params };
}

async function newThreshold({ test, world }: CellContext, owner: 'pointId' | 'modelId') {
  const of = { [owner]: world.a[owner], kind: 'negative-power' };
  await test.database.prisma.checkThreshold.deleteMany({ where: of });
  await test.database.prisma.checkThreshold.create({ data: { ...of, value: 5 } });
  return { params: of };
}

async function newModel({ test, n }: CellContext) {
  const { id } = await test.database.prisma.meterModel.create({ data: { key: `other-${n}`, vendor: 'Test', name: 'Other' } });
  return { params: { modelId: id } };
}

export const buildingRows: readonly Row[] = [
  row('get /buildings', [401, 403, 403, 200, 200, 200, 200, 200]),
  row('post /buildings', ONLY_ADMINISTRATOR(201), ({ n }) => ({ body: { name: `New house ${n}` } })),
  row('get /buildings/:buildingId', SEEN_IN_BUILDING, aBuilding),
  row('patch /buildings/:buildingId', ONLY_ADMINISTRATOR(200), (context) => ({ ...aBuilding(context), body: { address: 'Here' } })),
  row('delete /buildings/:buildingId', ONLY_ADMINISTRATOR(204), newBuilding),

  row('get /flats', SIGNED_IN(200)),
  row('post /flats', DONE_BY_PROVIDER(201), ({ world, n }) => ({ body: { buildingId: world.a.buildingId, name: `new ${n}` } })),
  row('get /flats/:flatId', SEEN_BY_TENANT_TOO, aFlat),
  row('patch /flats/:flatId', DONE_BY_PROVIDER(200), (context) => ({ ...aFlat(context), body: { areaM2: context.n } })),
  row('delete /flats/:flatId', DONE_BY_PROVIDER(204), newFlat),

  row('get /points', SIGNED_IN(200)),
  row('post /points', DONE_BY_PROVIDER(201), ({ world, n }) => ({ body: { flatId: world.a.flatId, name: `new ${n}` } })),
  row('get /points/:pointId', SEEN_BY_TENANT_TOO, aPoint),
  row('get /points/:pointId/energy', SEEN_BY_TENANT_TOO, aPoint),
  row('get /points/:pointId/formula', [401, 404, 404, 200, 404, 200, 404, 200], newFormula),
  row('put /points/:pointId/formula', DONE_BY_PROVIDER(200), async (context) => ({
    ...(await newPoint(context)),
    body: { terms: [{ pointId: context.world.a.pointId, sign: 'minus' }] },
  })),
  row('delete /points/:pointId/formula', DONE_BY_PROVIDER(204), newFormula),
  row('patch /points/:pointId', DONE_BY_PROVIDER(200), (context) => ({ ...aPoint(context), body: { hourlyLimitKwh: context.n } })),
  row('delete /points/:pointId', DONE_BY_PROVIDER(204), newPoint),

  row('get /tenancies', LISTED_FOR_PROVIDERS),
  row('post /tenancies', DONE_BY_PROVIDER(201), async (context) => ({
    body: { ...(await newFlat(context)).params, name: 'Party', fromAt: '2026-01-01' },
  })),
  row('get /tenancies/:tenancyId', SEEN_BY_PROVIDER, aTenancy),
  row('patch /tenancies/:tenancyId', DONE_BY_PROVIDER(200), (context) => ({
    ...aTenancy(context),
    body: { email: `${context.n}@example.org` },
  })),
  row('post /tenancies/:tenancyId/close', DONE_BY_PROVIDER(200), async (context) => ({ ...(await newTenancy(context)), body: {} })),

  row('get /lines', LISTED_FOR_PROVIDERS),
  row('post /lines', ONLY_ADMINISTRATOR(201), ({ world, n }) => ({
    body: { buildingId: world.a.buildingId, name: `new ${n}`, host: `gateway-${n}`, port: 502 },
  })),
  row('get /lines/:lineId', SEEN_BY_PROVIDER, aLine),
  row('patch /lines/:lineId', ONLY_ADMINISTRATOR(200), (context) => ({ ...aLine(context), body: { retries: 3 } })),
  row('delete /lines/:lineId', ONLY_ADMINISTRATOR(204), newLine),
  row('get /serial-ports', ONLY_ADMINISTRATOR(NO_POLLER)),
  row('post /lines/:lineId/test-connection', DONE_BY_PROVIDER(NO_POLLER), (context) => ({ ...aLine(context), body: { unitId: 1 } })),

  row('post /lines/:lineId/scan', DONE_BY_PROVIDER(202), async (context) => ({ ...(await newLine(context)), body: { from: 1, to: 2 } })),
  row('get /lines/:lineId/scans/:scanId', SEEN_BY_PROVIDER, newScan),
  row('delete /lines/:lineId/scans/:scanId', DONE_BY_PROVIDER(204), newScan),
  row('post /lines/:lineId/try-model', DONE_BY_PROVIDER(NO_POLLER), (context) => ({
    ...aLine(context),
    body: { unitId: 1, modelKey: 'test-meter' },
  })),

  row('get /models', LISTED_FOR_PROVIDERS),
  // A model belongs to no building.
  row('get /models/:modelId', [401, 404, 404, 404, 404, 200, 200, 200], ({ world }) => ({ params: { modelId: world.a.modelId } })),
  row('post /models', ONLY_ADMINISTRATOR(201), ({ n }) => ({ body: { key: `model-${n}`, csv: MODEL } })),
  row('put /models/:modelId', ONLY_ADMINISTRATOR(200), async (context) => ({ ...(await newModel(context)), body: { csv: MODEL } })),
  row('patch /models/:modelId', ONLY_ADMINISTRATOR(200), async (context) => ({ ...(await newModel(context)), body: { family: 'SDM' } })),
  row('delete /models/:modelId', ONLY_ADMINISTRATOR(204), newModel),
  row('post /models/import', ONLY_ADMINISTRATOR(200), ({ n }) => ({
    query: { key: `imported-${n}`, apply: 'true' },
    file: { type: 'text/csv', text: MODEL },
  })),
  row('get /models/:modelId/export', [401, 404, 404, 404, 404, 200, 200, 200], ({ world }) => ({ params: { modelId: world.a.modelId } })),

  row('get /meters', SIGNED_IN(200)),
  row('post /meters', DONE_BY_PROVIDER(201), async (context) => ({
    body: {
      ...(await newFlat(context)).params,
      ...(await newLine(context)).params,
      serial: `installed ${context.n}`,
      modelKey: 'test-meter',
      unitId: 1,
    },
  })),
  row('get /meters/:meterId', SEEN_BY_TENANT_TOO, aMeter),
  row('patch /meters/:meterId', DONE_BY_PROVIDER(200), (context) => ({ ...aMeter(context), body: { description: `${context.n}` } })),
  row('post /meters/:meterId/exchange', DONE_BY_PROVIDER(201), async (context) => {
    const { meterId } = await newMeter(context, 'ok');
    return { params: { meterId }, body: { serial: `exchanged ${context.n}` } };
  }),
  row('post /meters/:meterId/close', DONE_BY_PROVIDER(200), async (context) => {
    const { meterId } = await newMeter(context, 'ok');
    return { params: { meterId }, body: {} };
  }),
  row('post /meters/:meterId/read-now', DONE_BY_PROVIDER(NO_POLLER), aMeter),
  // The meter of the test has nothing to write, which is for the administrator to hear.
  row('post /meters/:meterId/write-register', ONLY_ADMINISTRATOR(400), (context) => ({
    ...aMeter(context),
    body: { quantity: 'network_node', value: 2 },
  })),
  row('get /meters/:meterId/readings', SEEN_BY_TENANT_TOO, aMeter),
  row('get /meters/:meterId/gaps', SEEN_BY_TENANT_TOO, aMeter),

  row('get /lines/:lineId/health', SEEN_BY_PROVIDER, aLine),
  row('get /meters/:meterId/health', SEEN_BY_TENANT_TOO, aMeter),
  row('delete /meters/:meterId/holes', DONE_BY_PROVIDER(200), aMeter),

  row('get /installations', LISTED_FOR_PROVIDERS),
  row('post /installations', DONE_BY_PROVIDER(201), async (context) => {
    const { installationId: _, ...ids } = await newMeter(context, 'closed');
    return { body: { ...ids, unitId: 1 } };
  }),
  row('get /installations/:installationId', SEEN_BY_PROVIDER, anInstallation),
  row('patch /installations/:installationId', DONE_BY_PROVIDER(200), (context) => ({
    ...anInstallation(context),
    body: { ctRatio: context.n },
  })),
  row('post /installations/:installationId/close', DONE_BY_PROVIDER(200), async (context) => {
    const { installationId } = await newMeter(context, 'ok');
    return { params: { installationId }, body: {} };
  }),

  row('get /corrections', LISTED_FOR_PROVIDERS),
  row('post /corrections', DONE_BY_PROVIDER(201), (context) => ({ body: { ...anOverride(context), reason: 'Test' } })),
  row('post /corrections/preview', DONE_BY_PROVIDER(200), (context) => ({ body: anOverride(context) })),
  row('get /corrections/:correctionId', SEEN_BY_PROVIDER, newCorrection),
  row('post /corrections/:correctionId/undo', DONE_BY_PROVIDER(200), async (context) => ({
    ...(await newCorrection(context)),
    body: { reason: 'Test' },
  })),

  row('get /incidents', LISTED_FOR_PROVIDERS),
  row('get /findings', LISTED_FOR_PROVIDERS),
  row('get /points/:pointId/checks', SEEN_BY_PROVIDER, aPoint),
  row('put /points/:pointId/checks/:kind', DONE_BY_PROVIDER(200), async (context) => ({
    ...(await newThreshold(context, 'pointId')),
    body: { value: 7 },
  })),
  row('delete /points/:pointId/checks/:kind', DONE_BY_PROVIDER(204), (context) => newThreshold(context, 'pointId')),
  row('put /models/:modelId/checks/:kind', ONLY_ADMINISTRATOR(200), async (context) => ({
    ...(await newThreshold(context, 'modelId')),
    body: { value: null },
  })),
  row('delete /models/:modelId/checks/:kind', ONLY_ADMINISTRATOR(204), (context) => newThreshold(context, 'modelId')),
];
