import { z } from 'zod';
import { isClosed, LINK_LENGTH, MESSAGE_LENGTH, pageAddress, type ChatMessage } from '../domain/chat.ts';
import type { Actor } from '../domain/permission.ts';
import { say, SENTENCES } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { storeMessage } from '../store/messages.ts';
import { conversationOf, tellChat, writesAsStaff, type ChatDeps } from './chat-access.ts';
import { idField, parseInput } from './input.ts';

// A message has lines; everything else that is not seen is refused, as in every name.
const UNSEEN = /(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

const sendMessageInput = z
  .strictObject({
    conversationId: idField,
    clientId: z.string().regex(/^[a-z0-9-]{8,64}$/, SENTENCES.en.notAMessageId),
    text: z
      .string()
      .transform((text) => text.replaceAll('\r\n', '\n').trim())
      .pipe(
        z
          .string()
          .max(MESSAGE_LENGTH, `takes at most ${MESSAGE_LENGTH} characters: send the rest as another message`)
          .refine((text) => !UNSEEN.test(text), SENTENCES.en.controlCharacters),
      ),
    link: z
      .string()
      .max(LINK_LENGTH, `takes at most ${LINK_LENGTH} characters`)
      .refine((link) => link === '' || pageAddress(link) !== null, SENTENCES.en.notAPage),
  })
  .refine(({ text, link }) => text !== '' || link !== '', { path: ['text'], error: SENTENCES.en.fieldEmpty });

/** Sent again with the same client id, it is the same message. */
export async function sendMessage(deps: ChatDeps, actor: Actor, input: z.input<typeof sendMessageInput>): Promise<ChatMessage> {
  const { conversationId, clientId, text, link } = parseInput(sendMessageInput, input);
  const conversation = await conversationOf(deps, actor, conversationId);
  if (isClosed({ toMs: conversation.toAt?.getTime() ?? null }, deps.clock())) {
    throw new Conflict(say('tenancyOver'));
  }
  const { message, isNew } = await storeMessage(deps.database.pool, {
    conversationId,
    senderId: actor.userId,
    senderName: actor.name || actor.email,
    fromStaff: writesAsStaff(actor, conversation),
    clientId,
    text,
    link: link === '' ? '' : (pageAddress(link) ?? ''),
    sentAtMs: deps.clock(),
  });
  if (message.conversationId !== conversationId || message.text !== text) {
    throw new InvalidInput({ clientId: say('messageIdUsed') });
  }
  if (isNew) await tellChat(deps, { kind: 'message', conversationId });
  return message;
}
