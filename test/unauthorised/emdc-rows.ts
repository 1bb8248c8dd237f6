import { EVERYBODY, row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
// Another building's meter is a wrong name, as EMDC says it.
const NAMED_BY_TENANT_TOO: Statuses = [401, 200, 400, 200, 400, 200, 400, 200];
const READS_IN_BUILDING: Statuses = [401, 403, 403, 403, 403, 202, 400, 202];

async function storedValue({ test, world, n }: CellContext) {
  const at = new Date(test.deps.clock() - n);
  await test.database.prisma.reading.create({ data: { meterId: world.a.meterId, at, takenAt: at, frequency: 50 } });
  return { query: { name: 'SN-A/Freq' } };
}

async function ownCollection({ test, world, role }: CellContext) {
  const { collectionId } = await test.deps.collections.start({
    ...{ userId: role === 'stranger' ? 0 : world.people[role].id, iterations: 1, waitMs: 1_000, patienceMs: 60_000 },
    meters: [{ meterId: world.a.meterId, serial: 'SN-A', buildingId: world.a.buildingId, poller: 'main' }],
  });
  return { params: { collectionId } };
}

export const emdcRows: readonly Row[] = [
  row('get /ping', EVERYBODY(200)),
  row('get /metric', NAMED_BY_TENANT_TOO, storedValue),
  row('post /collect', READS_IN_BUILDING, () => ({ query: { meter: 'SN-A' } })),
  row('get /collect/:collectionId', [401, 404, 404, 404, 404, 200, 200, 200], ownCollection),
];
