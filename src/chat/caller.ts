import { createContextKey, type HandlerContext } from '@connectrpc/connect';
import type { Actor } from '../domain/permission.ts';
import { Unauthorised } from '../errors.ts';

/** Who calls, as the door in front recognised it. */
export interface Caller {
  actor: Actor | null;
  /** Asks anew: a stream outlives the rights it was opened with. */
  ask: () => Promise<Actor | null>;
}

export const CALLER = createContextKey<Caller>({ actor: null, ask: () => Promise.resolve(null) });

export function callerOf({ values }: Pick<HandlerContext, 'values'>): Caller & { actor: Actor } {
  const { actor, ask } = values.get(CALLER);
  if (actor === null) throw new Unauthorised();
  return { actor, ask };
}
