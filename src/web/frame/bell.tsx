import { words } from '../words.ts';

/** The way to the inbox, with how much in it is unread. */
export function Bell({ unread, isHere }: { unread: number; isHere: boolean }) {
  const label = unread > 0 ? `${words.nav.inbox}, ${words.inbox.unread(unread)}` : words.nav.inbox;
  return (
    <a class="bell" href="/inbox" aria-label={label} title={label} aria-current={isHere ? 'page' : undefined}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6Z" />
        <path d="M9.8 20.2a2.4 2.4 0 0 0 4.4 0" />
      </svg>
      {unread > 0 && <span class="badge">{unread > 99 ? '99+' : unread}</span>}
    </a>
  );
}
