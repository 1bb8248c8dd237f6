import { can, type Actor, type Belonging, type Permission } from '../domain/permission.ts';
import { Conflict, Forbidden, NotFound } from '../errors.ts';
import type { Database } from '../store/database.ts';
import type { CapacityDeps } from './line-capacity.ts';

export interface Deps extends CapacityDeps {
  database: Pick<Database, 'prisma'>;
}

/** What a person may not see does not exist. */
export function seen<T>(row: T | null, what: string): T {
  if (row === null) throw new NotFound(what);
  return row;
}

/** What a person sees but may not do is forbidden. */
export function demand(actor: Actor, permission: Permission, thing: Belonging = {}): void {
  if (!can(actor, permission, thing)) throw new Forbidden();
}

/** Nothing is removed that something else hangs on; the answer says what does. */
export function refuseWhileUsed(what: string, counts: Record<string, number>): void {
  const used = Object.entries(counts).filter(([, count]) => count > 0);
  if (used.length === 0) return;
  throw new Conflict(`${what} cannot be removed: it still has ${used.map(([noun, count]) => `${noun} (${count})`).join(' and ')}.`);
}
