import type { CurrentAdmin } from 'adminjs';
import type { Request } from 'express';
import type { Actor } from '../domain/permission.ts';
import { Unauthorised } from '../errors.ts';

// AdminJS passes its "current admin" to every hook and prints the whole of it into the page, so it holds only what
// may be printed; the actor is found through it.
const ACTORS = new WeakMap<object, Actor>();

/** Tells AdminJS who asks. Made anew at each request and never stored with the session. */
export function introduceActor(req: Request, actor: Actor): void {
  const admin = { id: actor.userId, name: printable(actor.name), role: printable(actor.roles.join(', ')) };
  ACTORS.set(admin, actor);
  Object.defineProperty(req.session, 'adminUser', { value: admin, enumerable: false, configurable: true });
}

export function actorOf(admin: CurrentAdmin | undefined): Actor {
  const actor = admin && ACTORS.get(admin);
  if (!actor) throw new Unauthorised();
  return actor;
}

// AdminJS writes it into a script element as it is.
function printable(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, ' ');
}
