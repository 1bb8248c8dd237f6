import { makePerson, type TestApp, type TestPerson } from './test-app.ts';

export const ROLES = ['stranger', 'tenantA', 'tenantB', 'viewerA', 'viewerB', 'providerA', 'providerB', 'administrator'] as const;
export type RoleOfTable = (typeof ROLES)[number];

/** One building with everything that hangs on it. */
export interface TestBuilding {
  buildingId: number;
  flatId: number;
  pointId: number;
  lineId: number;
  modelId: number;
  meterId: number;
  installationId: number;
  tenancyId: number;
}

export interface TwoBuildings {
  a: TestBuilding;
  b: TestBuilding;
  people: Record<Exclude<RoleOfTable, 'stranger'>, TestPerson & { id: number }>;
}

const MOVED_IN = new Date('2025-01-01T00:00:00Z');

async function makeBuilding({ database: { prisma } }: TestApp, letter: 'A' | 'B', modelId: number): Promise<TestBuilding> {
  const building = await prisma.building.create({ data: { name: `House ${letter}` } });
  const flat = await prisma.flat.create({ data: { buildingId: building.id, name: '1 left' } });
  const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
  const line = await prisma.line.create({
    data: { buildingId: building.id, name: 'cellar', host: '127.0.0.1', port: letter === 'A' ? 502 : 503 },
  });
  const meter = await prisma.meter.create({ data: { serial: `SN-${letter}`, modelId } });
  const installation = await prisma.installation.create({
    data: { pointId: point.id, meterId: meter.id, lineId: line.id, unitId: 1, fromAt: MOVED_IN },
  });
  const tenancy = await prisma.tenancy.create({ data: { flatId: flat.id, name: `Party ${letter}`, fromAt: MOVED_IN } });
  return {
    buildingId: building.id,
    flatId: flat.id,
    pointId: point.id,
    lineId: line.id,
    modelId,
    meterId: meter.id,
    installationId: installation.id,
    tenancyId: tenancy.id,
  };
}

/** Two buildings; a tenant, a viewer and a provider of each; an administrator of both. */
export async function makeTwoBuildings(test: TestApp): Promise<TwoBuildings> {
  const { prisma } = test.database;
  const model = await prisma.meterModel.create({ data: { key: 'test-meter', vendor: 'Test', name: 'Meter' } });
  const a = await makeBuilding(test, 'A', model.id);
  const b = await makeBuilding(test, 'B', model.id);
  const tenant = async (email: string, { tenancyId }: TestBuilding) => {
    const person = await makePerson(test, email, { role: 'tenant', buildingId: null });
    await prisma.tenancyUser.create({ data: { tenancyId, userId: person.id } });
    return person;
  };
  return {
    a,
    b,
    people: {
      tenantA: await tenant('tenant-a@example.org', a),
      tenantB: await tenant('tenant-b@example.org', b),
      viewerA: await makePerson(test, 'viewer-a@example.org', { role: 'viewer', buildingId: a.buildingId }),
      viewerB: await makePerson(test, 'viewer-b@example.org', { role: 'viewer', buildingId: b.buildingId }),
      providerA: await makePerson(test, 'provider-a@example.org', { role: 'service-provider', buildingId: a.buildingId }),
      providerB: await makePerson(test, 'provider-b@example.org', { role: 'service-provider', buildingId: b.buildingId }),
      administrator: await makePerson(test, 'administrator@example.org', { role: 'administrator', buildingId: null }),
    },
  };
}
