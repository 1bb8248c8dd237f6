import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeActors } from '../../src/store/actors.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let userId: number;
let flatId: number;
let buildingId: number;
let meterId: number;

const FROM = new Date('2026-01-01T00:00:00Z');
const TO = new Date('2026-06-01T00:00:00Z');

beforeAll(async () => {
  database = await openTestDatabase();
  const { prisma } = database;
  ({ id: buildingId } = await prisma.building.create({ data: { name: 'House' } }));
  ({ id: flatId } = await prisma.flat.create({ data: { buildingId, name: '1 left' } }));
  const model = await prisma.meterModel.create({ data: { key: 'm', vendor: 'v', name: 'n' } });
  ({ id: meterId } = await prisma.meter.create({ data: { serial: 'S', modelId: model.id } }));
  ({ id: userId } = await prisma.user.create({ data: { email: 'a@example.org', name: 'A', passwordHash: 'x' } }));
  const give = async (name: string, permissions: string[], where: number | null) => {
    const role = await prisma.role.create({ data: { name } });
    for (const permission of permissions) await prisma.permission.create({ data: { roleId: role.id, name: permission } });
    await prisma.membership.create({ data: { userId, roleId: role.id, buildingId: where } });
  };
  await give('watcher', ['live:read', 'gone:word'], buildingId);
  await give('tenant', ['own:read'], null);
  await give('nothing', [], null);
  const tenancy = await prisma.tenancy.create({ data: { flatId, name: 'A', fromAt: FROM, toAt: TO } });
  await prisma.tenancyUser.create({ data: { tenancyId: tenancy.id, userId } });
  await prisma.userMeter.create({ data: { userId, meterId, fromAt: FROM } });
});
afterAll(() => database.drop());

test('an actor is everything the rows say and nothing else, with numbers as numbers', async () => {
  expect(await makeActors(database).byUser(userId)).toEqual({
    sessionEpoch: 0,
    actor: {
      userId,
      email: 'a@example.org',
      name: 'A',
      language: 'en',
      roles: ['watcher', 'tenant', 'nothing'],
      grants: [
        { permission: 'live:read', buildingId },
        { permission: 'own:read', buildingId: null },
      ],
      ownFlats: [{ flatId, buildingId, fromMs: FROM.getTime(), toMs: TO.getTime() }],
      ownMeters: [{ meterId, fromMs: FROM.getTime(), toMs: null }],
    },
  });
});

test('a token has no more than its user has, and tells when it was used', async () => {
  const actors = makeActors(database);
  const token = await database.prisma.apiToken.create({ data: { userId, name: 't', tokenHash: 'h', scope: 'own:read user:change' } });
  const nowMs = Date.parse('2026-03-01T00:00:00Z');
  expect((await actors.byToken('h', nowMs))?.grants).toEqual([{ permission: 'own:read', buildingId: null }]);
  expect((await database.prisma.apiToken.findUniqueOrThrow({ where: { id: token.id } })).lastUsedAt).toEqual(new Date(nowMs));
});

test('an inactive user is nobody', async () => {
  await database.prisma.user.update({ where: { id: userId }, data: { active: false } });
  expect(await makeActors(database).byUser(userId)).toBeNull();
  expect(await makeActors(database).byToken('h', 0)).toBeNull();
});
