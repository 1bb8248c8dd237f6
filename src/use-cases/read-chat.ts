import { z } from 'zod';
import { isClosed, receiptsOf, type ChatMessage, type Receipt } from '../domain/chat.ts';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import { countUnread, lastMessages, listConversations, type Conversation } from '../store/conversations.ts';
import { listMarkSteps, listMessages } from '../store/messages.ts';
import type { Page, PageRequest } from '../store/page.ts';
import { chatScope, conversationOf, writesAsStaff, type ChatDeps } from './chat-access.ts';
import { idField, parseInput, wholeField } from './input.ts';

export interface ShownConversation extends Conversation {
  closed: boolean;
  asStaff: boolean;
  unread: number;
  lastMessage: ChatMessage | null;
}

const pageInput = z.strictObject({ afterId: wholeField(0, 4_294_967_295), limit: wholeField(1, 500) });

type ReadDeps = Pick<ChatDeps, 'database' | 'clock'>;

/** What the actor has a part in, each with its newest message and what is unread. */
export async function showConversations(
  { database: { pool }, clock }: ReadDeps,
  actor: Actor,
  input: PageRequest,
): Promise<Page<ShownConversation>> {
  const page = await listConversations(pool, chatScope(actor), clock(), parseInput(pageInput, input));
  const ids = page.items.map(({ id }) => id);
  const [last, unread] = await Promise.all([lastMessages(pool, ids), countUnread(pool, actor.userId, ids)]);
  const items = page.items.map((one) => ({
    ...one,
    closed: isClosed({ toMs: one.toAt?.getTime() ?? null }, clock()),
    asStaff: writesAsStaff(actor, one),
    unread: unread.get(one.id) ?? 0,
    lastMessage: last.get(one.id) ?? null,
  }));
  return { ...page, items };
}

export interface ShownMessage extends ChatMessage {
  receipts: Receipt[];
}

const messagesInput = z.strictObject({
  conversationId: idField,
  beforeSeq: idField.nullable(),
  afterSeq: wholeField(0, 4_294_967_295).nullable(),
  limit: wholeField(1, 200),
});

/** Oldest first, each with when it came to whom; `more` in the direction asked for. */
export async function showMessages(
  deps: ReadDeps,
  actor: Actor,
  input: z.input<typeof messagesInput>,
): Promise<{ messages: ShownMessage[]; more: boolean }> {
  const { conversationId, limit, ...where } = parseInput(messagesInput, input);
  if (where.beforeSeq !== null && where.afterSeq !== null) throw new InvalidInput({ beforeSeq: say('beforeAndAfter') });
  const { pool } = deps.database;
  await conversationOf(deps, actor, conversationId);
  // One more than asked for tells whether it goes on.
  const found = await listMessages(pool, conversationId, { ...where, limit: limit + 1 });
  const messages = where.afterSeq === null ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [messages[0], messages.at(-1)];
  const steps = first && last ? await listMarkSteps(pool, conversationId, first.seq, last.seq) : [];
  return { messages: messages.map((message) => ({ ...message, receipts: receiptsOf(message, steps) })), more: found.length > limit };
}
