import { isPermission, type Grant } from '../domain/permission.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';

/** A user as people may see it: without the hash. */
const SHOWN = {
  omit: { passwordHash: true },
  include: {
    memberships: {
      orderBy: { id: 'asc' },
      select: { id: true, roleId: true, buildingId: true, role: { select: { name: true } }, building: { select: { name: true } } },
    },
    secondFactor: { select: { confirmedAt: true } },
  },
} as const satisfies Prisma.UserDefaultArgs;

export type ShownUser = Prisma.UserGetPayload<typeof SHOWN>;

export interface WantedMembership {
  roleId: number;
  buildingId: number | null;
}

export async function listUsers(db: Db, page: PageRequest): Promise<Page<ShownUser>> {
  return cutPage(await db.user.findMany({ ...pageQuery(page), ...SHOWN }), page);
}

export function findUser(db: Db, id: number): Promise<ShownUser | null> {
  return db.user.findUnique({ where: { id }, ...SHOWN });
}

/** The only place that reads a password hash: null for whoever has chosen none yet. The collation takes viewér for viewer: an address counts only letter by letter. */
export async function findCredentials(
  db: Db,
  where: { email: string } | { id: number },
): Promise<{ id: number; email: string; passwordHash: string | null; sessionEpoch: number; active: boolean; language: string } | null> {
  const found = await db.user.findUnique({
    where,
    select: { id: true, email: true, passwordHash: true, sessionEpoch: true, active: true, language: true },
  });
  if (found === null || ('email' in where && found.email !== where.email)) return null;
  return { ...found, passwordHash: found.passwordHash === '' ? null : found.passwordHash };
}

export function countUsers(db: Db): Promise<number> {
  return db.user.count();
}

export function insertUser(
  db: Db,
  data: { email: string; name: string; passwordHash: string; language?: string | undefined; invitedAt?: Date },
  memberships: readonly WantedMembership[],
): Promise<ShownUser> {
  return db.user.create({ data: { ...data, memberships: { create: [...memberships] } }, ...SHOWN });
}

export interface UserChanges {
  email?: string | undefined;
  name?: string | undefined;
  language?: string | undefined;
  active?: boolean | undefined;
  passwordHash?: string | undefined;
  lastLoginAt?: Date | undefined;
  invitedAt?: Date | null | undefined;
}

/** `endSessions` makes every session of the user worthless. */
export function updateUser(db: Db, id: number, changes: UserChanges, options: { endSessions?: boolean } = {}): Promise<ShownUser> {
  return db.user.update({
    where: { id },
    data: { ...changes, ...(options.endSessions ? { sessionEpoch: { increment: 1 } } : {}) },
    ...SHOWN,
  });
}

export async function replaceMemberships(db: Db, userId: number, wanted: readonly WantedMembership[]): Promise<void> {
  await db.membership.deleteMany({ where: { userId } });
  await db.membership.createMany({ data: wanted.map((membership) => ({ userId, ...membership })) });
}

function grantsOf(permissions: readonly { name: string }[], buildingId: number | null): Grant[] {
  return permissions.flatMap(({ name }) => (isPermission(name) ? [{ permission: name, buildingId }] : []));
}

export async function grantsOfUser(db: Db, userId: number): Promise<Grant[]> {
  const rows = await db.membership.findMany({ where: { userId }, select: { buildingId: true, role: { select: { permissions: true } } } });
  return rows.flatMap(({ role, buildingId }) => grantsOf(role.permissions, buildingId));
}

/** What these memberships would give; null when a role does not exist. */
export async function grantsOfMemberships(db: Db, wanted: readonly WantedMembership[]): Promise<Grant[] | null> {
  const roles = await db.role.findMany({ where: { id: { in: wanted.map((one) => one.roleId) } }, include: { permissions: true } });
  const byId = new Map(roles.map((role) => [role.id, role.permissions]));
  if (wanted.some((one) => !byId.has(one.roleId))) return null;
  return wanted.flatMap((one) => grantsOf(byId.get(one.roleId) ?? [], one.buildingId));
}

export async function namesOfUsers(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await db.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
