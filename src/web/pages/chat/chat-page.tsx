import { useMemo } from 'preact/hooks';
import '../../styles/chat.css';
import { pageAddress } from '../../../domain/chat.ts';
import { useUnread } from '../../data/chat-news.ts';
import { useOutbox } from './outbox.ts';
import { inOrder, useConversations } from './use-conversations.ts';
import type { Me } from '../../data/session.ts';
import { ConversationList } from './conversation-list.tsx';
import { ConversationView } from './conversation-view.tsx';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { navigate, useSearch } from '../../router.ts';
import { words } from '../../words.ts';

const { chat: text } = words;

function addressOf(id: number | null, link: string): string {
  const query = new URLSearchParams();
  if (id !== null) query.set('conversation', String(id));
  if (link !== '') query.set('attach', link);
  return query.size === 0 ? '/chat' : `/chat?${query.toString()}`;
}

/** The conversations beside the one that the address names; on a phone one of both. */
export function ChatPage({ me }: { me: Me }) {
  const query = new URLSearchParams(useSearch());
  const { data, trouble, reload } = useConversations();
  const unread = useUnread();
  const outbox = useOutbox(me.id);
  const conversations = useMemo(() => data && inOrder(data), [data]);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (trouble && !conversations) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!conversations) return <Loading rows={6} />;
  if (conversations.length === 0) {
    return <Empty title={text.none} text={me.permissions.includes('chat:use') ? text.noneStaff : text.noneTenant} />;
  }
  const link = pageAddress(query.get('attach') ?? '') ?? '';
  // Who has one only need not choose.
  const only = conversations.length === 1 ? conversations[0] : undefined;
  const shown = conversations.find(({ id }) => String(id) === query.get('conversation')) ?? only;
  return (
    <>
      <h1 class={only ? 'hidden' : undefined}>{text.title}</h1>
      <div class={`chat ${shown ? 'has-shown' : ''} ${only ? 'single' : ''}`}>
        {!only && (
          <ConversationList
            conversations={conversations}
            unread={unread}
            shownId={shown?.id ?? null}
            addressOf={(id) => addressOf(id, link)}
            zone={zone}
          />
        )}
        {shown ? (
          <ConversationView
            key={shown.id}
            conversation={shown}
            outbox={outbox}
            me={me}
            zone={zone}
            link={link}
            onDetach={() => navigate(addressOf(shown.id, ''), { replace: true })}
          />
        ) : (
          <div class="choose">
            <Empty level={2} title={text.choose} text={link === '' ? text.chooseText : text.chooseAttach} />
          </div>
        )}
      </div>
    </>
  );
}
