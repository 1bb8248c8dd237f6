import { addSmallBuilding } from './small-building.ts';
import { makePerson, type TestApp } from './test-app.ts';

const HALF_HOUR_MS = 30 * 60_000;

/** A flat whose hours may take 0.9 kWh, somebody of each kind around it, and another house. */
export async function makeLimitedFlat(running: TestApp, startMs: number) {
  const { database } = running;
  const { prisma } = database;
  const fromAt = new Date(startMs - 2 * HALF_HOUR_MS);
  const { buildingId, meters } = await addSmallBuilding(database, { name: 'House', port: 502, meters: 2, fromAt });
  const other = await addSmallBuilding(database, { name: 'Other house', port: 503, meters: 1, fromAt });
  const [hung, besides] = meters;
  const { pointId, point, meterId } = await prisma.installation.update({
    where: { id: hung!.installationId },
    data: { firstImportWh: 1_000n, firstExportWh: 0n },
    include: { point: true },
  });
  await prisma.point.update({ where: { id: pointId }, data: { hourlyLimitKwh: 0.9 } });
  const person = (name: string, role: string, at: number | null) => makePerson(running, `${name}@example.org`, { role, buildingId: at });
  const people = {
    tenant: await person('tenant', 'tenant', null),
    former: await person('former', 'tenant', null),
    neighbour: await person('neighbour', 'tenant', null),
    holder: await person('holder', 'tenant', null),
    viewer: await person('viewer', 'viewer', buildingId),
    provider: await person('provider', 'service-provider', buildingId),
    otherProvider: await person('other', 'service-provider', other.buildingId),
    administrator: await person('administrator', 'administrator', null),
  };
  const users = ({ id: userId }: { id: number }) => ({ create: [{ userId }] });
  const movedAt = new Date(startMs - HALF_HOUR_MS);
  const { flatId } = point;
  const nextDoor = await prisma.installation.findUniqueOrThrow({ where: { id: besides!.installationId }, include: { point: true } });
  await prisma.tenancy.create({ data: { flatId, name: 'Before', fromAt: new Date(0), toAt: movedAt, users: users(people.former) } });
  await prisma.tenancy.create({ data: { flatId, name: 'Now', fromAt: movedAt, users: users(people.tenant) } });
  await prisma.tenancy.create({
    data: { flatId: nextDoor.point.flatId, name: 'Next door', fromAt: new Date(0), users: users(people.neighbour) },
  });
  await prisma.userMeter.create({ data: { userId: people.holder.id, meterId } });
  return { buildingId, flatId, pointId, meterId, people };
}

export type LimitedFlat = Awaited<ReturnType<typeof makeLimitedFlat>>;
