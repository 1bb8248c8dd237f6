import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { toTrouble, type Trouble } from '../data/api.ts';
import { followChat } from '../data/chat-news.ts';
import { homeOf, mayChat, type Me } from '../data/session.ts';
import { useInbox } from '../data/use-inbox.ts';
import { followLink } from '../router.ts';
import { words } from '../words.ts';
import { Bell } from './bell.tsx';
import { ChatBadge } from './chat-badge.tsx';
import { Logo } from './logo.tsx';
import { TroubleNotice } from '../parts/notice.tsx';
import { PersonMenu } from './person-menu.tsx';
import { Toasts } from './toasts.tsx';

const INBOX = '/inbox';

interface Link {
  href: string;
  label: string;
}

function linksFor(me: Me): Link[] {
  const may = (permission: Me['permissions'][number]) => me.permissions.includes(permission);
  return [
    ...(may('live:read') ? [{ href: '/dashboard', label: words.nav.dashboard }] : []),
    ...(may('live:read') && may('reading:read')
      ? [
          { href: '/meters', label: words.nav.meters },
          { href: '/history', label: words.nav.history },
        ]
      : []),
    ...(may('reading:read') ? [{ href: '/analysis', label: words.analysis.title }] : []),
    ...(may('own:read') && !may('live:read')
      ? [
          { href: '/home', label: words.nav.own },
          { href: '/bills', label: words.nav.bills },
        ]
      : []),
    ...(mayChat(me) ? [{ href: '/chat', label: words.nav.chat }] : []),
    ...(may('office:open') ? [{ href: '/admin', label: words.nav.office }] : []),
    ...(may('queue:read') ? [{ href: '/admin/queues', label: words.nav.queues }] : []),
  ];
}

interface ShellProps {
  me: Me;
  path: string;
  onLogOut(): Promise<void>;
  children: ComponentChildren;
}

export function Shell({ me, path, onLogOut, children }: ShellProps) {
  const inbox = useInbox(me);
  const [leaving, setLeaving] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const chats = mayChat(me);
  const links = useRef<HTMLElement>(null);
  // Beside a narrow screen's edge there are more links than one sees.
  useEffect(() => {
    const { current: nav } = links;
    const open = nav?.querySelector<HTMLElement>('[aria-current]');
    // Not `scrollIntoView`: the keyboard would begin there.
    if (nav && open) nav.scrollLeft = open.offsetLeft - nav.offsetLeft - (nav.clientWidth - open.offsetWidth) / 2;
  }, [path]);
  useEffect(() => (chats ? followChat(me.id) : undefined), [chats, me.id]);
  const leave = () => {
    setLeaving(true);
    setTrouble(null);
    onLogOut()
      .catch((error: unknown) => setTrouble(toTrouble(error)))
      .finally(() => setLeaving(false));
  };
  return (
    <div class="shell" onClick={followLink}>
      <a class="skip" href="#content">
        {words.nav.skip}
      </a>
      <header class="top">
        <a class="brand" href={homeOf(me)}>
          <Logo />
          <span>{words.product}</span>
        </a>
        <nav ref={links} aria-label={words.nav.main}>
          {linksFor(me).map(({ href, label }) => (
            <a key={href} href={href} aria-current={path === href ? 'page' : path.startsWith(`${href}/`) ? true : undefined}>
              {label}
              {href === '/chat' && <ChatBadge />}
            </a>
          ))}
        </nav>
        <Bell unread={inbox.unread} isHere={path === INBOX} />
        <PersonMenu me={me} path={path} leaving={leaving} onLogOut={leave} />
      </header>
      <main id="content" tabIndex={-1}>
        {trouble && <TroubleNotice trouble={trouble} onAgain={leave} />}
        {children}
      </main>
      {path !== INBOX && <Toasts inbox={inbox} me={me} />}
    </div>
  );
}
