import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import { findCredentials } from '../store/users.ts';
import { seen } from './access.ts';
import type { LogInDeps } from './log-in.ts';

/** What weighs much asks for the own password once more; guessing is slowed as at the log-in. */
export async function demandOwnPassword(
  deps: LogInDeps,
  actor: Actor,
  sent: { field: string; password: string; address: string },
): Promise<void> {
  const who = { account: actor.email, address: sent.address };
  await deps.limit.attempt(who);
  const found = seen(await findCredentials(deps.database.prisma, { id: actor.userId }), 'This user');
  if (!(await deps.hashing.verify(found.passwordHash, sent.password))) throw new InvalidInput({ [sent.field]: say('passwordWrong') });
  await deps.limit.succeeded(who);
}
