import type { Actor } from '../domain/permission.ts';
import { listTokens, type ShownToken } from '../store/api-tokens.ts';
import type { Page, PageRequest } from '../store/page.ts';
import { findRole, listRoles as listRoleRows, type ShownRole } from '../store/roles.ts';
import { findUser, listUsers as listUserRows, type ShownUser } from '../store/users.ts';
import { demand, seen, type Deps } from './access.ts';

// Users, roles and tokens belong to no building: whoever reads one reads all.

export async function listUsers(deps: Deps, actor: Actor, page: PageRequest): Promise<Page<ShownUser>> {
  demand(actor, 'user:read');
  return listUserRows(deps.database.prisma, page);
}

export async function readUser(deps: Deps, actor: Actor, { id }: { id: number }): Promise<ShownUser> {
  demand(actor, 'user:read');
  return seen(await findUser(deps.database.prisma, id), 'This user');
}

export async function listRoles(deps: Deps, actor: Actor, page: PageRequest): Promise<Page<ShownRole>> {
  demand(actor, 'role:read');
  return listRoleRows(deps.database.prisma, page);
}

export async function readRole(deps: Deps, actor: Actor, { id }: { id: number }): Promise<ShownRole> {
  demand(actor, 'role:read');
  return seen(await findRole(deps.database.prisma, { id }), 'This role');
}

export async function listApiTokens(deps: Deps, actor: Actor, page: PageRequest): Promise<Page<ShownToken>> {
  demand(actor, 'token:read');
  return listTokens(deps.database.prisma, page);
}
