import { useEffect } from 'preact/hooks';
import type { Conversation } from '../../../generated/chat-client.ts';
import { useLoad, type Loaded } from '../../data/use-load.ts';
import { chat } from '../../data/chat-api.ts';
import { onChatNews } from '../../data/chat-news.ts';

async function readConversations(): Promise<Conversation[]> {
  const conversations: Conversation[] = [];
  let afterId: number | null = 0;
  while (afterId !== null) {
    const page: Awaited<ReturnType<typeof chat.listConversations>> = await chat.listConversations({ afterId, limit: 500 });
    conversations.push(...page.conversations);
    afterId = page.nextAfterId || null;
  }
  return conversations;
}

const sentMs = ({ lastMessage }: Conversation) => Date.parse(lastMessage?.sentAt ?? '') || 0;

/** The newest first; those in which nothing was written yet by the name of the flat. */
export function inOrder(conversations: readonly Conversation[]): Conversation[] {
  return conversations.toSorted((a, b) => sentMs(b) - sentMs(a) || a.flatName.localeCompare(b.flatName, undefined, { numeric: true }));
}

/** All of the person's conversations, read again when something is written. */
export function useConversations(): Loaded<Conversation[]> {
  const loaded = useLoad('conversations', readConversations);
  const { reload } = loaded;
  useEffect(() => onChatNews(({ kind }) => (kind === 'message' || kind === 'opened') && reload()), [reload]);
  return loaded;
}
