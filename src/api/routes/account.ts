import type { Request } from 'express';
import { say } from '../../domain/refusal.ts';
import { Forbidden } from '../../errors.ts';
import { keepSession } from '../../http/session.ts';
import { changeAccount, changeAccountInput, showAccount } from '../../use-cases/change-account.ts';
import { changeOwnPassword, changeOwnPasswordInput } from '../../use-cases/change-own-password.ts';
import { endOwnSession, endOwnSessions, listOwnSessions } from '../../use-cases/own-sessions.ts';
import {
  confirmSecondFactor,
  confirmSecondFactorInput,
  setUpSecondFactor,
  setUpSecondFactorInput,
} from '../../use-cases/set-up-second-factor.ts';
import { provenInput, renewRecoveryCodes, switchOffSecondFactor } from '../../use-cases/switch-off-second-factor.ts';
import { route, type Route } from '../contract.ts';
import { id, time, z } from '../schema.ts';
import { addressOf, begin, session } from './session.ts';

const account = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    language: z.string(),
    roles: z.array(z.string()),
    secondFactorSince: time.nullable().openapi({ description: 'Null: the log-in asks for no code' }),
    recoveryCodesLeft: z.number().int(),
    createdAt: time,
  })
  .openapi('Account');

const ownSession = z
  .object({
    id: z.string(),
    browser: z.string().nullable(),
    system: z.string().nullable(),
    address: z.string(),
    startedAt: time,
    lastSeenAt: time,
    current: z.boolean().openapi({ description: 'The one that asks' }),
  })
  .openapi('OwnSession');

const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).openapi('RecoveryCodes');

/** A token is for one purpose; the account itself is its owner's alone. */
function demandPerson(request: Request): void {
  if (request.actorVia === 'token') throw new Forbidden(say('tokenChangesNothing'));
}

const tags: [string] = ['account'];

export const accountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/account',
    summary: 'The own account',
    tags,
    permission: 'signed-in',
    response: account,
    handler: ({ deps, actor }) => showAccount(deps, actor),
  }),
  route({
    method: 'patch',
    path: '/account',
    summary: 'Change the own name or language',
    tags,
    permission: 'signed-in',
    body: changeAccountInput,
    response: account,
    handler: ({ deps, actor, body, request }) => {
      demandPerson(request);
      return changeAccount(deps, actor, body);
    },
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
    refuses: [429],
    handler: async ({ deps, actor, body, request }) => {
      demandPerson(request);
      return begin(deps, request, await changeOwnPassword(deps, actor, body, addressOf(request)));
    },
  }),
  route({
    method: 'get',
    path: '/account/sessions',
    name: 'listOwnSessions',
    summary: 'Where one is logged in, the last seen first',
    tags,
    permission: 'signed-in',
    response: z.object({ items: z.array(ownSession) }),
    handler: async ({ deps, actor, request }) => ({ items: await listOwnSessions(deps, actor, request.sessionID) }),
  }),
  route({
    method: 'delete',
    path: '/account/sessions',
    name: 'endOtherSessions',
    summary: 'End all own sessions but this one',
    tags,
    permission: 'signed-in',
    handler: async ({ deps, actor, request }) => {
      demandPerson(request);
      await keepSession(request, await endOwnSessions(deps, actor));
    },
  }),
  route({
    method: 'delete',
    path: '/account/sessions/:sessionId',
    name: 'endSession',
    summary: 'End one of the own sessions',
    tags,
    permission: 'signed-in',
    params: z.object({ sessionId: z.string().max(40) }),
    handler: ({ deps, actor, params: { sessionId }, request }) => {
      demandPerson(request);
      return endOwnSession(deps, actor, sessionId);
    },
  }),
  route({
    method: 'post',
    path: '/account/second-factor',
    name: 'setUpSecondFactor',
    summary: 'A new secret for an authenticator app: nothing is asked for before a code of it was confirmed',
    tags,
    permission: 'signed-in',
    body: setUpSecondFactorInput,
    response: z.object({ secret: z.string(), uri: z.string() }).openapi('SecondFactorSecret'),
    refuses: [429],
    handler: ({ deps, actor, body, request }) => {
      demandPerson(request);
      return setUpSecondFactor(deps, actor, body, addressOf(request));
    },
  }),
  route({
    method: 'post',
    path: '/account/second-factor/confirm',
    name: 'confirmSecondFactor',
    summary: 'Switch the second factor on with a code of the app; the recovery codes are in this answer only',
    tags,
    permission: 'signed-in',
    body: confirmSecondFactorInput,
    response: recoveryCodes,
    refuses: [429],
    handler: ({ deps, actor, body, request }) => {
      demandPerson(request);
      return confirmSecondFactor(deps, actor, body);
    },
  }),
  route({
    method: 'post',
    path: '/account/second-factor/recovery-codes',
    name: 'renewRecoveryCodes',
    summary: 'Ten new recovery codes in place of those of before',
    tags,
    permission: 'signed-in',
    body: provenInput,
    response: recoveryCodes,
    refuses: [429],
    handler: ({ deps, actor, body, request }) => {
      demandPerson(request);
      return renewRecoveryCodes(deps, actor, body, addressOf(request));
    },
  }),
  route({
    method: 'post',
    path: '/account/second-factor/off',
    name: 'switchOffSecondFactor',
    summary: 'Switch the second factor off',
    tags,
    permission: 'signed-in',
    body: provenInput,
    refuses: [429],
    handler: ({ deps, actor, body, request }) => {
      demandPerson(request);
      return switchOffSecondFactor(deps, actor, body, addressOf(request));
    },
  }),
];
