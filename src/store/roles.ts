import type { Permission } from '../domain/permission.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';

const SHOWN = {
  include: { permissions: { orderBy: { id: 'asc' }, select: { name: true } }, _count: { select: { memberships: true } } },
} as const satisfies Prisma.RoleDefaultArgs;

export type ShownRole = Prisma.RoleGetPayload<typeof SHOWN>;

export async function listRoles(db: Db, page: PageRequest): Promise<Page<ShownRole>> {
  return cutPage(await db.role.findMany({ ...pageQuery(page), ...SHOWN }), page);
}

export function findRole(db: Db, where: { id: number } | { name: string }): Promise<ShownRole | null> {
  return db.role.findUnique({ where, ...SHOWN });
}

export function insertRole(db: Db, data: { name: string; description: string; permissions: readonly Permission[] }): Promise<ShownRole> {
  const permissions = { create: data.permissions.map((name) => ({ name })) };
  return db.role.create({ data: { name: data.name, description: data.description, permissions }, ...SHOWN });
}

export async function updateRole(
  db: Db,
  id: number,
  changes: { name?: string | undefined; description?: string | undefined; permissions?: readonly Permission[] | undefined },
): Promise<ShownRole> {
  const { permissions, ...plain } = changes;
  if (permissions) {
    await db.permission.deleteMany({ where: { roleId: id } });
    await db.permission.createMany({ data: permissions.map((name) => ({ roleId: id, name })) });
  }
  return db.role.update({ where: { id }, data: plain, ...SHOWN });
}

export async function addPermissions(db: Db, roleId: number, permissions: readonly Permission[]): Promise<void> {
  await db.permission.createMany({ data: permissions.map((name) => ({ roleId, name })) });
}

export async function deleteRole(db: Db, id: number): Promise<void> {
  await db.role.delete({ where: { id } });
}

/** Whoever changes who may do what waits here, so that two cannot remove the last administrator together. */
export async function lockRights(db: Db): Promise<void> {
  await db.$queryRaw`SELECT id FROM roles ORDER BY id FOR UPDATE`;
}

const ADMINISTRATOR_NEEDS: readonly Permission[] = ['user:change', 'role:change'];

/** Active users who can give rights back to everybody else. */
export function countAdministrators(db: Db): Promise<number> {
  return db.user.count({
    where: {
      active: true,
      AND: ADMINISTRATOR_NEEDS.map((name) => ({ memberships: { some: { buildingId: null, role: { permissions: { some: { name } } } } } })),
    },
  });
}
