import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRole } from '../../src/store/roles.ts';
import { seedRoles } from '../../src/use-cases/seed-roles.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const permissionsOf = async (name: string) =>
  (await findRole(database.prisma, { name }))?.permissions.map((permission) => permission.name) ?? [];

test('a permission that a house never knew comes to the shipped roles that have it; what people took away stays away', async () => {
  await seedRoles({ database });
  // As a house was before there was anything to write.
  await database.prisma.setting.delete({ where: { key: 'known-permissions' } });
  await database.prisma.permission.deleteMany({ where: { name: { in: ['register:write', 'mail:read'] } } });
  await seedRoles({ database });
  expect(await permissionsOf('administrator')).toContain('register:write');
  expect(await permissionsOf('administrator')).not.toContain('mail:read');
  expect(await permissionsOf('service-provider')).not.toContain('register:write');

  await database.prisma.permission.deleteMany({ where: { name: 'register:write' } });
  await seedRoles({ database });
  expect(await permissionsOf('administrator')).not.toContain('register:write');
});
