import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const LISTED_FOR_PROVIDERS: Statuses = [401, 403, 403, 403, 403, 200, 200, 200];
const SEEN_BY_PROVIDER: Statuses = [401, 404, 404, 404, 404, 200, 404, 200];
const DONE_BY_PROVIDER = (status: number): Statuses => [401, 403, 403, 403, 403, status, 404, status];

async function newUnit({ test, world, n }: CellContext) {
  const { prisma } = test.database;
  await prisma.modbusUnit.deleteMany();
  const { buildingId, meterId } = world.a;
  const data = {
    buildingId,
    meterId,
    unitId: 1 + (n % 247),
    registers: { create: [{ address: 4, quantity: 'frequency', type: 'float32' as const }] },
  };
  return { params: { modbusUnitId: (await prisma.modbusUnit.create({ data })).id } };
}

export const modbusRows: readonly Row[] = [
  row('get /modbus-units', LISTED_FOR_PROVIDERS),
  row('post /modbus-units', DONE_BY_PROVIDER(201), async ({ test, world }) => {
    await test.database.prisma.modbusUnit.deleteMany();
    return { body: { buildingId: world.a.buildingId, meterId: world.a.meterId } };
  }),
  row('patch /modbus-units/:modbusUnitId', DONE_BY_PROVIDER(200), async (context) => ({ ...(await newUnit(context)), body: { slots: 3 } })),
  row('delete /modbus-units/:modbusUnitId', DONE_BY_PROVIDER(204), newUnit),
  row('get /modbus-units/:modbusUnitId/model', SEEN_BY_PROVIDER, newUnit),
];
