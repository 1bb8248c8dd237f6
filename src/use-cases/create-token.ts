import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { narrowedTo, reach, type Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { hashToken } from '../http/actor.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { insertToken, type ShownToken } from '../store/api-tokens.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findUser, grantsOfUser } from '../store/users.ts';
import { demand, type Deps } from './access.ts';
import { permissionsField } from './create-role.ts';
import { idField, nameField, parseInput } from './input.ts';
import { demandAtLeast } from './rights.ts';

const LONGEST_SCOPE = 500;
const MOST_BUILDINGS = 40;

export const createTokenInput = z.strictObject({
  name: nameField(80),
  /** Whose rights it carries at most; empty for one's own. */
  userId: idField.optional(),
  permissions: permissionsField
    .refine((list) => list.length > 0, 'must name at least one permission')
    .refine((list) => list.join(' ').length <= LONGEST_SCOPE, 'are too many: a token is for one purpose'),
  /** Only there; everywhere that its user reaches where it is left out. */
  buildings: z
    .array(idField)
    .min(1, 'must name at least one building')
    .max(MOST_BUILDINGS, `takes at most ${MOST_BUILDINGS}`)
    .transform((list) => [...new Set(list)])
    .nullable()
    .optional(),
  expiresAt: z.date('must be a time').nullable().optional(),
});

/** The token itself is in this answer and nowhere else. */
export async function createToken(
  deps: Deps,
  actor: Actor,
  input: z.input<typeof createTokenInput>,
): Promise<{ row: ShownToken; token: string }> {
  const { name, userId = actor.userId, permissions, buildings = null, expiresAt = null } = parseInput(createTokenInput, input);
  demand(actor, 'token:change');
  if (expiresAt !== null && expiresAt.getTime() <= deps.clock()) throw new InvalidInput({ expiresAt: 'must be in the future' });
  const token = `wb_${randomBytes(32).toString('base64url')}`;
  return transact(deps.database.prisma, async (tx) => {
    if (!(await findUser(tx, userId))) throw new InvalidInput({ userId: 'does not exist' });
    for (const id of buildings ?? []) {
      if (!(await findBuilding(tx, reach(actor, 'building:read'), id))) throw new InvalidInput({ buildings: `${id} does not exist` });
    }
    const given = (await grantsOfUser(tx, userId)).filter((grant) => permissions.includes(grant.permission));
    demandAtLeast(actor, buildings === null ? given : narrowedTo({ ...actor, grants: given }, buildings).grants);
    const scope = { scope: permissions.join(' '), buildings: buildings?.join(' ') ?? null };
    const row = await insertToken(tx, { userId, name, tokenHash: hashToken(token), ...scope, expiresAt });
    const where = buildings === null ? '' : ` in buildings ${buildings.join(', ')}`;
    const detail = `${name} for user-${userId}: ${row.scope}${where}`;
    await recordActivity(tx, actor, { action: 'create-token', subject: `token-${row.id}`, detail });
    return { row, token };
  });
}
