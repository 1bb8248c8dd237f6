import type { Redis } from 'ioredis';
import { can, canSomewhere, isUser, reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Forbidden } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { publishChat, type ChatSignal } from '../queue/chat.ts';
import { findConversation, type ChatScope, type Conversation } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { seen } from './access.ts';

export interface ChatDeps {
  database: Pick<Database, 'pool'>;
  redis: Redis;
  log: Logger;
  clock: () => number;
}

/** Whose chat it is; forbidden for those who have none. */
export function chatScope(actor: Actor): ChatScope {
  if (!isUser(actor) || !canSomewhere(actor, 'chat:use')) throw new Forbidden(say('noPartInChat'));
  return { reach: reach(actor, 'chat:use'), userId: actor.userId };
}

export async function conversationOf({ database }: Pick<ChatDeps, 'database'>, actor: Actor, id: number): Promise<Conversation> {
  return seen(await findConversation(database.pool, chatScope(actor), id), 'This conversation');
}

/** For the building; whoever is of the party writes for it, also where they are staff of the house. */
export function writesAsStaff(actor: Actor, { buildingId, ofParty }: Pick<Conversation, 'buildingId' | 'ofParty'>): boolean {
  return !ofParty && can(actor, 'chat:use', { buildingId });
}

/** What is stored is stored: listeners who were not told look by themselves before long. */
export async function tellChat({ redis, log }: Pick<ChatDeps, 'redis' | 'log'>, signal: ChatSignal): Promise<void> {
  try {
    await publishChat(redis, signal);
  } catch (err) {
    log.warn({ err, conversationId: signal.conversationId }, 'the chat was not told');
  }
}
