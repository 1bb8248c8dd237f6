import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { AppError, Conflict } from '../errors.ts';
import { hashToken } from '../http/actor.ts';
import type { LogInLimit } from '../http/log-in-limit.ts';
import type { PasswordHashing } from '../http/password.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { queueMail } from '../store/outbox.ts';
import {
  findOpenLink,
  giveToken,
  insertPasswordLink,
  takeLink,
  type OpenPasswordLink,
  type PasswordLinkKind,
} from '../store/password-links.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findCredentials, findUser, grantsOfUser, updateUser, type ShownUser } from '../store/users.ts';
import { demand, seen } from './access.ts';
import { parseInput } from './input.ts';
import { demandAtLeast } from './rights.ts';
import { demandGoodPassword, languageField, passwordField } from './user-fields.ts';

export interface LinkDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  queues: Pick<Queues, 'addMails'>;
  clock: () => number;
}

const LIFETIME_MS = { reset: 3_600_000, invitation: 7 * 86_400_000 };

type Invited = Pick<ShownUser, 'id' | 'email' | 'name' | 'language' | 'invitedAt'>;

/** A mail with a link; the token in it is made when the mail leaves, so that no table ever has it. */
export async function mailPasswordLink({ database, queues, clock }: LinkDeps, user: Invited): Promise<void> {
  const kind = user.invitedAt === null ? 'reset' : 'invitation';
  const expiresAt = new Date(clock() + LIFETIME_MS[kind]);
  const linkId = await transact(database.prisma, (tx) => insertPasswordLink(tx, { userId: user.id, kind, expiresAt }));
  const mail = await queueMail(database.pool, {
    incidentId: null,
    template: kind === 'reset' ? 'password-reset' : 'invitation',
    language: user.language,
    recipients: user.email,
    data: { linkId, name: user.name, email: user.email },
  });
  if (mail !== null) await queues.addMails([mail]);
}

/** Asked for by anybody: an address that nobody has gets no mail, and whoever asked does not learn it. */
export async function answerPasswordReset(deps: LinkDeps, { email }: { email: string }): Promise<string> {
  const { prisma } = deps.database;
  const found = await findCredentials(prisma, { email });
  const user = found?.active ? await findUser(prisma, found.id) : null;
  if (!user) return 'nobody';
  await mailPasswordLink(deps, user);
  await recordActivity(prisma, null, { action: 'request-password-reset', subject: `user-${user.id}`, detail: user.email });
  return 'mailed';
}

/** Once more, with a new link; the one before opens nothing then. */
export async function inviteAgain(deps: LinkDeps, actor: Actor, { id }: { id: number }): Promise<void> {
  demand(actor, 'user:change');
  const { prisma } = deps.database;
  const user = seen(await findUser(prisma, id), 'This user');
  demandAtLeast(actor, await grantsOfUser(prisma, id));
  if (!user.active) throw new Conflict(`${user.name} is locked out: make the user active first.`);
  if (user.invitedAt === null) throw new Conflict(`${user.name} has a password already, and gets a new one by "Forgotten?" at the log-in.`);
  await updateUser(prisma, id, { invitedAt: new Date(deps.clock()) });
  await mailPasswordLink(deps, user);
  await recordActivity(prisma, actor, { action: 'invite-user', subject: `user-${id}`, detail: user.email });
}

/** Puts the token into a mail that carries a link. Each attempt to send has its own. Null: the link is over, nobody needs the mail. */
export function makeLinkToken({ database, clock }: Pick<LinkDeps, 'database' | 'clock'>) {
  return async (data: Record<string, unknown>): Promise<Record<string, unknown> | null> => {
    if (typeof data['linkId'] !== 'number') return data;
    const token = randomBytes(32).toString('base64url');
    const expiresAt = (kind: PasswordLinkKind) => new Date(clock() + LIFETIME_MS[kind]);
    return (await giveToken(database.prisma, data['linkId'], { tokenHash: hashToken(token), expiresAt })) ? { ...data, token } : null;
  };
}

export const openLinkInput = z.strictObject({ token: z.string('must be a text').max(100) });
export const useLinkInput = openLinkInput.extend({ password: passwordField, language: languageField.optional() });

function isOver(): AppError {
  return new AppError('link-over', say('linkOver'), { status: 410 });
}

export async function openPasswordLink(
  deps: Pick<LinkDeps, 'database' | 'clock'>,
  input: z.input<typeof openLinkInput>,
): Promise<OpenPasswordLink> {
  const { token } = parseInput(openLinkInput, input);
  const link = await findOpenLink(deps.database.prisma, hashToken(token), new Date(deps.clock()));
  if (link === null) throw isOver();
  return link;
}

/** Sets the password and ends all sessions. A second factor stays as it is. */
export async function usePasswordLink(
  deps: Pick<LinkDeps, 'database' | 'clock'> & { hashing: PasswordHashing; limit: LogInLimit },
  input: z.input<typeof useLinkInput>,
  address: string,
): Promise<void> {
  const { token, password, language } = parseInput(useLinkInput, input);
  const { id, kind, user } = await openPasswordLink(deps, { token });
  demandGoodPassword('password', password, user.email);
  const passwordHash = await deps.hashing.hash(password);
  await transact(deps.database.prisma, async (tx) => {
    if (!(await takeLink(tx, id, new Date(deps.clock())))) throw isOver();
    await updateUser(tx, user.id, { passwordHash, language, invitedAt: null }, { endSessions: true });
    const action = kind === 'reset' ? 'reset-own-password' : 'accept-invitation';
    await recordActivity(tx, { userId: user.id, email: user.email }, { action, subject: `user-${user.id}` });
  });
  // Whoever had guessed in vain before has a password that is known now.
  await deps.limit.succeeded({ account: user.email, address });
}
