import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { storeMark, type MarkKind } from '../store/messages.ts';
import { conversationOf, tellChat, type ChatDeps } from './chat-access.ts';
import { idField, parseInput } from './input.ts';

const markInput = z.strictObject({ conversationId: idField, seq: idField });

/** All messages up to one have arrived, or were read; who has read them has received them. */
export async function markMessages(deps: ChatDeps, actor: Actor, kind: MarkKind, input: z.input<typeof markInput>): Promise<void> {
  const { conversationId, seq } = parseInput(markInput, input);
  await conversationOf(deps, actor, conversationId);
  const kinds: MarkKind[] = kind === 'read' ? ['delivered', 'read'] : ['delivered'];
  let isNews = false;
  for (const one of kinds) {
    const mark = { conversationId, userId: actor.userId, kind: one, seq, atMs: deps.clock() };
    if (await storeMark(deps.database.pool, mark)) isNews = true;
  }
  if (isNews) await tellChat(deps, { kind: 'mark', conversationId });
}
