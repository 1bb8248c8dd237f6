import { words } from '../words.ts';

/** How many messages are unread. */
export function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span class="hidden"> {words.chat.unread(count)}</span>
    </span>
  );
}
