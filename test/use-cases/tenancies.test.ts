import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor, Grant } from '../../src/domain/permission.ts';
import { changeTenancy } from '../../src/use-cases/change-tenancy.ts';
import { closeTenancy } from '../../src/use-cases/close-tenancy.ts';
import { createTenancy } from '../../src/use-cases/create-tenancy.ts';
import { openTestDatabase } from '../support/services.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let deps: { database: typeof database; clock: () => number };
let actor: Actor;
let flatId: number;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: () => NOW };
});
afterAll(() => database.drop());
beforeEach(async () => {
  number += 1;
  const { prisma } = database;
  const building = await prisma.building.create({ data: { name: `House ${number}` } });
  flatId = (await prisma.flat.create({ data: { buildingId: building.id, name: '1 left' } })).id;
  const grants: Grant[] = (['flat:read', 'tenancy:read', 'tenancy:change'] as const).map((permission) => ({
    permission,
    buildingId: building.id,
  }));
  actor = { userId: 1, email: 'provider@example.org', name: 'Provider', language: 'en', roles: [], grants, ownFlats: [], ownMeters: [] };
});

const newUser = async (name: string) =>
  (await database.prisma.user.create({ data: { email: `${name}-${number}@example.org`, name, passwordHash: '' } })).id;

test('a day is a day in the zone of the building', async () => {
  const tenancy = await createTenancy(deps, actor, { flatId, name: 'Party', fromAt: '2026-01-01', toAt: '2026-07-01' });
  expect(tenancy.fromAt.toISOString()).toBe('2025-12-31T23:00:00.000Z');
  expect(tenancy.toAt?.toISOString()).toBe('2026-06-30T22:00:00.000Z');
});

test('the next party moves in the day the one before moves out, and not a day earlier', async () => {
  await createTenancy(deps, actor, { flatId, name: 'First', fromAt: '2025-01-01', toAt: '2026-01-01' });
  await expect(createTenancy(deps, actor, { flatId, name: 'Early', fromAt: '2025-12-31' })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('let to First'),
    fields: { fromAt: expect.stringContaining('overlaps') },
  });
  await createTenancy(deps, actor, { flatId, name: 'Next', fromAt: '2026-01-01' });
  expect(await database.prisma.tenancy.count({ where: { flatId } })).toBe(2);
});

test.each([1, 2, 3, 4])('of two parties at once only one gets the flat (%i)', async () => {
  const results = await Promise.allSettled(
    ['One', 'Two'].map((name) => createTenancy(deps, actor, { flatId, name, fromAt: '2026-01-01' })),
  );
  expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await database.prisma.tenancy.count({ where: { flatId } })).toBe(1);
});

test('of two changes at once that would overlap only one is made', async () => {
  const first = await createTenancy(deps, actor, { flatId, name: 'First', fromAt: '2025-01-01', toAt: '2025-06-01' });
  const second = await createTenancy(deps, actor, { flatId, name: 'Second', fromAt: '2025-09-01' });
  const results = await Promise.allSettled([
    changeTenancy(deps, actor, { id: first.id, toAt: '2025-08-01' }),
    changeTenancy(deps, actor, { id: second.id, fromAt: '2025-07-01' }),
  ]);
  expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

const readingUsers = (): Actor => ({ ...actor, grants: [...actor.grants, { permission: 'user:read', buildingId: null }] });

test('without the right to read users only those of a tenancy in sight are named, and of no other is said whether there is one', async () => {
  const [ada, stranger] = [await newUser('ada'), await newUser('stranger')];
  const tenancy = await createTenancy(deps, readingUsers(), { flatId, name: 'Party', fromAt: '2026-01-01', userIds: [ada] });
  const other = (await database.prisma.building.create({ data: { name: `Other house ${number}` } })).id;
  const away = await database.prisma.flat.create({ data: { buildingId: other, name: 'away' } });
  const users = { create: [{ userId: stranger }] };
  await database.prisma.tenancy.create({ data: { flatId: away.id, name: 'Elsewhere', fromAt: new Date(NOW), users } });
  const sentenceFor = async (userId: number) => {
    const refused: unknown = await changeTenancy(deps, actor, { id: tenancy.id, userIds: [ada, userId] }).catch((err: unknown) => err);
    return (refused as { fields: { userIds: string } }).fields.userIds.replace(String(userId), 'N');
  };
  expect(await sentenceFor(stranger)).toContain('there is no user N in a tenancy that you may see');
  expect(await sentenceFor(stranger)).toBe(await sentenceFor(999_999));
  await expect(
    createTenancy(deps, actor, { flatId, name: 'Trap', fromAt: '2020-01-01', toAt: '2020-02-01', userIds: [stranger] }),
  ).rejects.toMatchObject({ status: 400 });
  await createTenancy(deps, actor, { flatId, name: 'Before', fromAt: '2025-01-01', toAt: '2026-01-01', userIds: [ada] });
});

test('the users of a tenancy are replaced, and unknown ones refused', async () => {
  const [ada, ben] = [await newUser('ada'), await newUser('ben')];
  const tenancy = await createTenancy(deps, readingUsers(), { flatId, name: 'Party', fromAt: '2026-01-01', userIds: [ada] });
  const changed = await changeTenancy(deps, readingUsers(), { id: tenancy.id, userIds: [ben] });
  expect(changed.users).toEqual([{ userId: ben }]);
  await expect(changeTenancy(deps, readingUsers(), { id: tenancy.id, userIds: [ben, 999_999] })).rejects.toMatchObject({
    fields: { userIds: 'there is no user 999999' },
  });
  expect(await database.prisma.tenancyUser.count({ where: { tenancyId: tenancy.id } })).toBe(1);
});

test('moving out is now by default, and is in the activity log', async () => {
  const tenancy = await createTenancy(deps, actor, { flatId, name: 'Party', fromAt: '2026-01-01' });
  expect((await closeTenancy(deps, actor, { id: tenancy.id })).toAt?.getTime()).toBe(NOW);
  const activity = await database.prisma.activity.findFirst({ where: { action: 'change-tenancy', subject: `tenancy-${tenancy.id}` } });
  expect(activity).toMatchObject({ actor: 'provider@example.org', detail: 'toAt: null -> 2026-03-01T12:00:00.000Z' });
});

test('what stays as it is writes nothing', async () => {
  const tenancy = await createTenancy(deps, actor, { flatId, name: 'Party', fromAt: '2026-01-01' });
  const before = await database.prisma.activity.count();
  await changeTenancy(deps, actor, { id: tenancy.id, name: 'Party', fromAt: '2026-01-01', userIds: [] });
  expect(await database.prisma.activity.count()).toBe(before);
});

test.each([
  [{ toAt: '2025-12-31' }, 'toAt'],
  [{ email: 'nobody' }, 'email'],
  [{ fromAt: '2026-02-30' }, 'fromAt'],
  [{ name: '' }, 'name'],
])('bad input %j names the field and stores nothing', async (given, field) => {
  const refused = createTenancy(deps, actor, { flatId, name: 'Party', fromAt: '2026-01-01', ...given });
  await expect(refused).rejects.toMatchObject({ status: 400, fields: { [field]: expect.any(String) } });
  expect(await database.prisma.tenancy.count({ where: { flatId } })).toBe(0);
});
