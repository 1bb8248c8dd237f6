import { PERMISSIONS, SHIPPED_ROLES, type Permission } from '../domain/permission.ts';
import type { Database } from '../store/database.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { addPermissions, findRole, insertRole } from '../store/roles.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

const ROLES_SETTING = 'shipped-roles';
const PERMISSIONS_SETTING = 'known-permissions';
/** What came after the first vocabulary, which nobody wrote down: a house that has roles knew all but these. */
const LATER: readonly Permission[] = ['register:write', 'energy:correct', 'chat:use', 'own:chat', 'building-activity:read'];

/**
 * Gives the roles that this installation never had: edited ones stay as they are, removed ones stay away. A permission
 * that it never knew is given to the shipped roles that have it.
 */
export async function seedRoles(deps: { database: Pick<Database, 'prisma'> }): Promise<{ created: string[] }> {
  return transact(deps.database.prisma, async (tx) => {
    const given = new Set((await readSetting(tx, ROLES_SETTING))?.split(' ') ?? []);
    const fresh = await permissionsNeverKnown(tx, given.size > 0);
    const created: string[] = [];
    for (const [name, role] of Object.entries(SHIPPED_ROLES)) {
      const there = await findRole(tx, { name });
      if (there) {
        const own = there.permissions.map((permission) => permission.name);
        const missing = fresh.filter((permission) => role.permissions.includes(permission) && !own.includes(permission));
        await addPermissions(tx, there.id, missing);
      }
      if (given.has(name) || there) continue;
      await insertRole(tx, { name, ...role });
      created.push(name);
    }
    await writeSetting(tx, ROLES_SETTING, [...new Set([...given, ...Object.keys(SHIPPED_ROLES)])].join(' '));
    await writeSetting(tx, PERMISSIONS_SETTING, PERMISSIONS.join(' '));
    return { created };
  });
}

async function permissionsNeverKnown(tx: Db, hasRoles: boolean): Promise<Permission[]> {
  const known = (await readSetting(tx, PERMISSIONS_SETTING))?.split(' ');
  if (known !== undefined) return PERMISSIONS.filter((permission) => !known.includes(permission));
  return hasRoles ? [...LATER] : [];
}
