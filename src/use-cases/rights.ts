import { can, type Actor, type Grant } from '../domain/permission.ts';
import { Conflict, Forbidden } from '../errors.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { countAdministrators, lockRights } from '../store/roles.ts';
import type { Deps } from './access.ts';

/** Nobody gives away, or takes over, more than they have themselves. The own flat's rights give nothing without a flat. */
export function demandAtLeast(actor: Actor, grants: readonly Grant[]): void {
  const beyond = grants.find(({ permission, buildingId }) => !permission.startsWith('own:') && !can(actor, permission, { buildingId }));
  if (beyond) throw new Forbidden(`You may not do this for somebody who has ${beyond.permission}, for you do not have it there yourself.`);
}

/** Every change of who may do what: it is undone when nobody would be left to administer. */
export function changeRights<T>(deps: Pick<Deps, 'database'>, work: (tx: Db) => Promise<T>): Promise<T> {
  return transact(deps.database.prisma, async (tx) => {
    await lockRights(tx);
    const result = await work(tx);
    if ((await countAdministrators(tx)) === 0) {
      throw new Conflict('This would leave nobody who may change users and roles. Make somebody else an administrator first.');
    }
    return result;
  });
}
