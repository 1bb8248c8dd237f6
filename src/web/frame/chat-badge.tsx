import { useUnread } from '../data/chat-news.ts';
import { UnreadBadge } from './unread-badge.tsx';

/** Of all conversations, beside the link to them. */
export function ChatBadge() {
  return <UnreadBadge count={[...useUnread().values()].reduce((sum, unread) => sum + unread, 0)} />;
}
