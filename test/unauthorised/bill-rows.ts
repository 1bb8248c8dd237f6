import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN_BY_PROVIDER: Statuses = [401, 404, 404, 404, 404, 200, 404, 200];
const SEEN_BY_TENANT_TOO: Statuses = [401, 200, 404, 404, 404, 200, 404, 200];
const LISTED_FOR_PROVIDERS: Statuses = [401, 403, 403, 403, 403, 200, 200, 200];
const LISTED_FOR_TENANTS_TOO: Statuses = [401, 200, 200, 403, 403, 200, 200, 200];
const DONE_BY_PROVIDER = (status: number): Statuses => [401, 403, 403, 403, 403, status, 404, status];

const aBuilding = ({ world }: CellContext) => ({ params: { buildingId: world.a.buildingId } });

function dayOf(n: number): string {
  return new Date(Date.UTC(2030, 0, n)).toISOString().slice(0, 10);
}

async function newTariff({ test, world, n }: CellContext) {
  const data = { name: 'Standard', energyPriceMicro: 300_000n, ownPriceMicro: 200_000n, bands: [], ownPrices: [] };
  const validFrom = new Date(dayOf(n));
  const { id } = await test.database.prisma.tariff.create({ data: { ...data, buildingId: world.a.buildingId, validFrom } });
  return { params: { tariffId: id } };
}

async function newRun({ test, world, n }: CellContext, state: 'done' | 'failed') {
  const data = { buildingId: world.a.buildingId, fromDay: new Date(dayOf(n)), toDay: new Date(dayOf(n + 1)), state };
  const { id } = await test.database.prisma.billRun.create({ data });
  return { params: { billRunId: id } };
}

/** An issued one of the own flat and time. */
async function newBill(context: CellContext) {
  const { test, world, n } = context;
  const { billRunId: runId } = (await newRun(context, 'done')).params;
  const { buildingId, flatId, tenancyId } = world.a;
  const amounts = {
    currency: 'EUR',
    netMicro: 0n,
    vatMicro: 0n,
    totalMicro: 0n,
    vatGroups: [],
    consumptionWh: 0n,
    ownWh: 0n,
    estimatedWh: 0n,
  };
  const { id } = await test.database.prisma.bill.create({
    data: {
      ...{ runId, buildingId, flatId, tenancyId, number: n, state: 'issued', flatName: '1 left', party: 'Party A', ...amounts },
      ...{ missingSlots: 0, missingProduction: 0, meters: [], hash: '', fromAt: new Date(dayOf(n)), toAt: new Date(dayOf(n + 1)) },
    },
  });
  return { params: { billId: id } };
}

export const billRows: readonly Row[] = [
  row('get /tariffs', LISTED_FOR_PROVIDERS),
  row('post /tariffs', DONE_BY_PROVIDER(201), ({ world, n }) => ({
    body: { buildingId: world.a.buildingId, name: 'New', validFrom: dayOf(n), energyPrice: '0.3', ownPrice: '0.2' },
  })),
  row('get /tariffs/:tariffId', SEEN_BY_PROVIDER, newTariff),
  row('patch /tariffs/:tariffId', DONE_BY_PROVIDER(200), async (context) => ({
    ...(await newTariff(context)),
    body: { energyPrice: '0.4' },
  })),
  row('delete /tariffs/:tariffId', DONE_BY_PROVIDER(204), newTariff),
  row('get /buildings/:buildingId/billing', SEEN_BY_PROVIDER, aBuilding),
  row('patch /buildings/:buildingId/billing', DONE_BY_PROVIDER(200), (context) => ({
    ...aBuilding(context),
    body: { remark: `${context.n}` },
  })),

  row('get /bill-runs', LISTED_FOR_PROVIDERS),
  // Nothing is settled in these buildings: whoever may run bills is told so.
  row('post /buildings/:buildingId/bill-runs', DONE_BY_PROVIDER(409), (context) => ({ ...aBuilding(context), body: { month: '2026-01' } })),
  row('get /bill-runs/:billRunId', SEEN_BY_PROVIDER, (context) => newRun(context, 'done')),
  row('get /buildings/:buildingId/bill-runs/preview', SEEN_BY_PROVIDER, aBuilding),
  row('post /bill-runs/:billRunId/discard', DONE_BY_PROVIDER(204), (context) => newRun(context, 'failed')),
  row('get /bill-runs/:billRunId/file', SEEN_BY_PROVIDER, (context) => newRun(context, 'done')),
  row('post /bill-runs/:billRunId/issue', DONE_BY_PROVIDER(409), async (context) => ({ ...(await newRun(context, 'failed')), body: {} })),

  row('get /bills', LISTED_FOR_TENANTS_TOO),
  row('get /bills/:billId', SEEN_BY_TENANT_TOO, newBill),
  row('get /bills/:billId/file', SEEN_BY_TENANT_TOO, newBill),
  row('get /bills/:billId/slots', SEEN_BY_TENANT_TOO, newBill),
];
