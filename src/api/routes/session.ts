import type { Request } from 'express';
import type { Actor } from '../../domain/permission.ts';
import { Forbidden, Unauthorised } from '../../errors.ts';
import { endSession, startSession } from '../../http/session.ts';
import { makeActors } from '../../store/actors.ts';
import { changeOwnPassword, changeOwnPasswordInput } from '../../use-cases/change-own-password.ts';
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

const session = z.object({ user: me, csrfToken: z.string().nullable() }).openapi('Session');

function toMe(actor: Actor): z.input<typeof me> {
  const { userId, email, name, language, roles, grants } = actor;
  return { id: userId, email, name, language, roles, permissions: [...new Set(grants.map((grant) => grant.permission))] };
}

async function begin(deps: ApiDeps, request: Request, user: { id: number; sessionEpoch: number }): Promise<z.input<typeof session>> {
  const found = await makeActors(deps.database).byUser(user.id);
  if (!found) throw new Unauthorised();
  const csrfToken = await startSession(request, user, deps.clock());
  return { user: toMe(found.actor), csrfToken };
}

function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}

const tags: [string] = ['session'];

export const sessionRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/session',
    name: 'logIn',
    summary: 'Log in: sets the session cookie and answers the token that changes by cookie carry as x-csrf-token',
    tags,
    permission: 'public',
    body: logInInput,
    response: session,
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
    method: 'post',
    path: '/account/password',
    name: 'changeOwnPassword',
    summary: 'Change the own password: ends all sessions of this account and begins a new one',
    tags,
    permission: 'signed-in',
    body: changeOwnPasswordInput,
    response: session,
    handler: async ({ deps, actor, body, request }) => {
      // A token is for one purpose; the account itself is its owner's alone.
      if (request.actorVia === 'token') throw new Forbidden('A token changes no password: log in for that.');
      return begin(deps, request, await changeOwnPassword(deps, actor, body, addressOf(request)));
    },
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
    handler: async ({ deps, body, request }) => begin(deps, request, await createFirstAdministrator(deps, body, addressOf(request))),
  }),
];
