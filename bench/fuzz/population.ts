import { hashToken } from '../../src/http/actor.ts';
import { PERMISSIONS } from '../../src/domain/permission.ts';
import type { Database } from '../../src/store/database.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { seedRoles } from '../../src/use-cases/seed-roles.ts';

const SOURCES = 40;
const LONGEST_SCOPE = 500;

export interface PushingSource {
  name: string;
  token: string;
  reach: string;
}

export interface Population {
  /** Values of the `authorization` header: an administrator's several tokens, one of somebody without rights, a wrong one. */
  callers: readonly string[];
  sources: readonly PushingSource[];
  /** What there is, by what its id is called. */
  ids: Readonly<Record<string, readonly number[]>>;
}

async function tokensOf({ prisma }: Database, userId: number, name: string, permissions: readonly string[]): Promise<string[]> {
  const scopes = [''];
  for (const permission of permissions) {
    const longer = `${scopes.at(-1)} ${permission}`.trim();
    if (longer.length <= LONGEST_SCOPE) scopes[scopes.length - 1] = longer;
    else scopes.push(permission);
  }
  const texts: string[] = [];
  for (const [index, scope] of scopes.entries()) {
    const token = `wb_fuzz-${name}-${index}`;
    await prisma.apiToken.create({ data: { userId, name: token, tokenHash: hashToken(token), scope } });
    texts.push(`Bearer ${token}`);
  }
  return texts;
}

/** A house with one of most things, people to ask as, and gateways and devices that push. */
export async function populate(database: Database, modelFolder: string): Promise<Population> {
  const { prisma } = database;
  await seedRoles({ database });
  await importShippedModels({ database }, { folder: modelFolder });
  const { id: buildingId } = await prisma.building.create({ data: { name: 'Fuzzed house' } });
  const { id: lineId } = await prisma.line.create({ data: { buildingId, name: 'messages', transport: 'push' } });
  const ids: Record<string, number[]> = { buildingId: [buildingId], lineId: [lineId], flatId: [], pointId: [], meterId: [], modelId: [] };
  for (const [index, key] of ['etl-three-phase', 'etl-single-phase', 'energy-counter'].entries()) {
    const { id: modelId } = await prisma.meterModel.findUniqueOrThrow({ where: { key } });
    const { id: flatId } = await prisma.flat.create({ data: { buildingId, name: `flat ${index}` } });
    const { id: pointId } = await prisma.point.create({ data: { flatId, name: 'main' } });
    const { id: meterId } = await prisma.meter.create({ data: { serial: `fuzz ${index}`, modelId } });
    await prisma.installation.create({ data: { pointId, meterId, lineId, unitId: index + 1 } });
    const kind = key === 'energy-counter' ? 'uuid' : 'sender';
    await prisma.meterAlias.create({ data: { meterId, kind, value: `fuzz-${index}` } });
    for (const [name, id] of Object.entries({ modelId, flatId, pointId, meterId })) ids[name]?.push(id);
  }
  const role = await prisma.role.findUniqueOrThrow({ where: { name: 'administrator' } });
  const administrator = await prisma.user.create({
    data: { email: 'fuzz@example.org', name: 'Fuzz', passwordHash: '', memberships: { create: [{ roleId: role.id }] } },
  });
  const nobody = await prisma.user.create({ data: { email: 'nobody@example.org', name: 'Nobody', passwordHash: '' } });
  const { id: otherRole } = await prisma.role.create({ data: { name: 'fuzzed' } });
  Object.assign(ids, { userId: [nobody.id], roleId: [otherRole] });
  const sources: PushingSource[] = [];
  for (let index = 0; index < SOURCES; index += 1) {
    const isDevice = index === 0;
    const source = { name: `source-${index}`, reach: isDevice ? 'fuzz-2' : `Z${index}`, token: `wbp_fuzz-${index}` };
    const data = { buildingId, kind: isDevice ? ('device' as const) : ('gateway' as const), name: source.name, reach: source.reach };
    await prisma.pushSource.create({ data: { ...data, tokenHash: hashToken(source.token) } });
    sources.push(source);
  }
  const callers = [
    ...(await tokensOf(database, administrator.id, 'administrator', PERMISSIONS)),
    ...(await tokensOf(database, nobody.id, 'nobody', PERMISSIONS)).slice(0, 1),
    'Bearer wrong',
  ];
  return { callers, sources, ids };
}
