import { timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { say } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { hashToken } from '../http/actor.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findRole, lockRights } from '../store/roles.ts';
import { countUsers, insertUser } from '../store/users.ts';
import { parseInput } from './input.ts';
import type { LogInDeps } from './log-in.ts';
import { seedRoles } from './seed-roles.ts';
import { demandGoodPassword, passwordField, randomText, userFields } from './user-fields.ts';

const CODE_KEY = 'wattbook:first-administrator-code';
const CODE_LENGTH = 10;

export interface FirstAdministratorDeps extends LogInDeps {
  redis: Redis;
  config: { WATTBOOK_DEMO: boolean };
}

export async function isFirstAdministratorNeeded(deps: Pick<FirstAdministratorDeps, 'config' | 'database'>): Promise<boolean> {
  return !deps.config.WATTBOOK_DEMO && (await countUsers(deps.database.prisma)) === 0;
}

/** The code that all servers of this installation take; null when there is somebody already. It is for the console only. */
export async function offerFirstAdministrator(deps: Pick<FirstAdministratorDeps, 'config' | 'database' | 'redis'>): Promise<string | null> {
  if (!(await isFirstAdministratorNeeded(deps))) return null;
  await deps.redis.set(CODE_KEY, randomText(CODE_LENGTH), 'NX');
  return deps.redis.get(CODE_KEY);
}

export const createFirstAdministratorInput = z.strictObject({
  ...userFields,
  password: passwordField,
  code: z.string('must be a text').trim().toLowerCase().max(40),
});

function fits(sent: string, code: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(sent)), Buffer.from(hashToken(code)));
}

export async function createFirstAdministrator(
  deps: FirstAdministratorDeps,
  input: z.input<typeof createFirstAdministratorInput>,
  address: string,
): Promise<{ id: number; sessionEpoch: number }> {
  const { code, password, ...data } = parseInput(createFirstAdministratorInput, input);
  const who = { account: 'the first administrator', address };
  await deps.limit.attempt(who);
  const taken = new Conflict(say('administratorThere'));
  if (!(await isFirstAdministratorNeeded(deps))) throw taken;
  const expected = await deps.redis.get(CODE_KEY);
  if (expected === null || !fits(code, expected)) throw new InvalidInput({ code: say('consoleCodeWrong') });
  demandGoodPassword('password', password, data.email);
  const passwordHash = await deps.hashing.hash(password);
  await seedRoles(deps);
  const user = await transact(deps.database.prisma, async (tx) => {
    await lockRights(tx);
    if ((await countUsers(tx)) > 0) throw taken;
    const role = await findRole(tx, { name: 'administrator' });
    if (!role) throw new Conflict(say('administratorRoleGone'));
    const created = await insertUser(tx, { ...data, passwordHash }, [{ roleId: role.id, buildingId: null }]);
    const actor = { userId: created.id, email: created.email };
    await recordActivity(tx, actor, { action: 'create-first-administrator', subject: `user-${created.id}` });
    return created;
  });
  await Promise.all([deps.redis.del(CODE_KEY), deps.limit.succeeded(who)]);
  return { id: user.id, sessionEpoch: user.sessionEpoch };
}
