import { openLinkInput, openPasswordLink, useLinkInput, usePasswordLink } from '../../use-cases/password-links.ts';
import { userFields } from '../../use-cases/user-fields.ts';
import { route, type Route } from '../contract.ts';
import { time, z } from '../schema.ts';
import { addressOf } from './session.ts';

const passwordLink = z
  .object({ kind: z.enum(['reset', 'invitation']), email: z.string(), name: z.string(), language: z.string(), expiresAt: time })
  .openapi('PasswordLink');

const tags: [string] = ['session'];

export const passwordLinkRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/password-reset',
    name: 'askPasswordReset',
    summary: 'Ask for a mail with a link to a new password. The answer is the same whether somebody has this address or not',
    tags,
    permission: 'public',
    body: z.strictObject({ email: userFields.email }),
    status: 202,
    refuses: [429],
    handler: async ({ deps, body, request }) => {
      await deps.quotas.resets.take({ address: addressOf(request), account: body.email });
      await deps.queues.askPasswordReset(body.email);
    },
  }),
  route({
    method: 'post',
    path: '/password-link/open',
    name: 'openPasswordLink',
    summary: 'For whom the link of a mail is',
    tags,
    permission: 'public',
    body: openLinkInput,
    response: passwordLink,
    refuses: [410, 429],
    handler: async ({ deps, body, request }) => {
      await deps.quotas.links.take({ address: addressOf(request) });
      const { kind, expiresAt, user } = await openPasswordLink(deps, body);
      return { kind, expiresAt, email: user.email, name: user.name, language: user.language };
    },
  }),
  route({
    method: 'post',
    path: '/password-link/use',
    name: 'usePasswordLink',
    summary: 'Choose a password with the link of a mail, once: all sessions of the account end, a second factor stays',
    tags,
    permission: 'public',
    body: useLinkInput,
    refuses: [410, 429],
    handler: async ({ deps, body, request }) => {
      await deps.quotas.links.take({ address: addressOf(request) });
      await usePasswordLink(deps, body, addressOf(request));
    },
  }),
];
