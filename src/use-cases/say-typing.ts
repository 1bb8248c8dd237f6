import { z } from 'zod';
import { isClosed } from '../domain/chat.ts';
import type { Actor } from '../domain/permission.ts';
import { conversationOf, tellChat, type ChatDeps } from './chat-access.ts';
import { idField, parseInput } from './input.ts';

const typingInput = z.strictObject({ conversationId: idField });

/** Told to those who look at this moment, and never stored. */
export async function sayTyping(deps: ChatDeps, actor: Actor, input: z.input<typeof typingInput>): Promise<void> {
  const { conversationId } = parseInput(typingInput, input);
  const { toAt } = await conversationOf(deps, actor, conversationId);
  if (isClosed({ toMs: toAt?.getTime() ?? null }, deps.clock())) return;
  await tellChat(deps, { kind: 'typing', conversationId, userId: actor.userId, userName: actor.name || actor.email });
}
