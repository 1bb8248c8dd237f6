import type { Request } from 'express';
import type { Actor } from '../../domain/permission.ts';
import { Unauthorised } from '../../errors.ts';
import { makeSessionList } from '../../http/session-list.ts';
import { endSession, startSession } from '../../http/session.ts';
import { makeActors } from '../../store/actors.ts';
import {
  createFirstAdministrator,
  createFirstAdministratorInput,
  isFirstAdministratorNeeded,
} from '../../use-cases/create-first-administrator.ts';
import { logIn, logInInput } from '../../use-cases/log-in.ts';
import { route, type Route } from '../contract.ts';
import type { ApiDeps } from '../deps.ts';
import { id, permission, z } from '../schema.ts';

const me = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    language: z.string(),
    roles: z.array(z.string()),
    /** What this person may do somewhere: for showing and hiding, the server asks again. */
    permissions: z.array(permission),
  })
  .openapi('Me');

export const session = z.object({ user: me, csrfToken: z.string().nullable() }).openapi('Session');

function toMe(actor: Actor): z.input<typeof me> {
  const { userId, email, name, language, roles, grants } = actor;
  return { id: userId, email, name, language, roles, permissions: [...new Set(grants.map((grant) => grant.permission))] };
}

export async function begin(deps: ApiDeps, request: Request, user: { id: number; sessionEpoch: number }): Promise<z.input<typeof session>> {
  const found = await makeActors(deps.database).byUser(user.id);
  if (!found) throw new Unauthorised();
  const csrfToken = await startSession(request, user, deps.clock());
  await makeSessionList(deps.redis).add(user.id, request.sessionID);
  return { user: toMe(found.actor), csrfToken };
}

export function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}

const tags: [string] = ['session'];

export const sessionRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/session',
    name: 'logIn',
    summary:
      'Log in: sets the session cookie and answers the token that changes by cookie carry as x-csrf-token. Where a second factor is on, a right password alone is answered by 401 and the type urn:wattbook:problem:code-needed: send the same again with the code',
    tags,
    permission: 'public',
    body: logInInput,
    response: session,
    refuses: [429],
    handler: async ({ deps, body, request }) => begin(deps, request, await logIn(deps, body, addressOf(request))),
  }),
  route({
    method: 'get',
    path: '/session',
    summary: 'Who is logged in',
    tags,
    permission: 'signed-in',
    response: session,
    handler: ({ actor, request }) => ({
      user: toMe(actor),
      csrfToken: request.actorVia === 'session' ? (request.session.csrfToken ?? null) : null,
    }),
  }),
  route({
    method: 'delete',
    path: '/session',
    name: 'logOut',
    summary: 'Log out',
    tags,
    permission: 'signed-in',
    handler: ({ request }) => endSession(request),
  }),
  route({
    method: 'get',
    path: '/first-administrator',
    summary: 'Whether this installation still needs its administrator, and whether the visitor is logged in',
    tags,
    permission: 'public',
    response: z.object({ needed: z.boolean(), signedIn: z.boolean() }),
    handler: async ({ deps, actor }) => ({ needed: await isFirstAdministratorNeeded(deps), signedIn: actor !== null }),
  }),
  route({
    method: 'post',
    path: '/first-administrator',
    summary: 'Make the first administrator with the code that the console of the server shows, and log in',
    tags,
    permission: 'public',
    body: createFirstAdministratorInput,
    response: session,
    status: 201,
    refuses: [409, 429],
    handler: async ({ deps, body, request }) => begin(deps, request, await createFirstAdministrator(deps, body, addressOf(request))),
  }),
];
