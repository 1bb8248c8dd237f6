import { useEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../../../generated/chat-client.ts';
import { chat } from '../../data/chat-api.ts';
import { useChatConnected } from '../../data/chat-news.ts';
import type { Outbox } from './outbox.ts';
import { useThread, type ShownThread } from './use-thread.ts';
import type { Me } from '../../data/session.ts';
import { words } from '../../words.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { Composer } from './composer.tsx';
import { partnerOf, placeOf } from './conversation-list.tsx';
import { Messages } from './messages.tsx';

const { chat: text } = words;

/** Whoever looks at the newest message has read it; a page in the background is not looked at. */
function useReading(conversationId: number, { thread }: ShownThread, me: Me): void {
  const readSeq = useRef(0);
  const newest = thread?.messages.findLast(({ senderId }) => senderId !== me.id)?.seq ?? 0;
  useEffect(() => {
    const read = () => {
      if (document.visibilityState !== 'visible' || newest <= readSeq.current) return;
      readSeq.current = newest;
      chat.markRead({ conversationId, seq: newest }).catch(() => {
        readSeq.current = 0;
      });
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [conversationId, newest, me.id]);
}

interface ViewProps {
  conversation: Conversation;
  outbox: Outbox;
  me: Me;
  zone: string;
  link: string;
  onDetach(): void;
}

export function ConversationView({ conversation, outbox, me, zone, link, onDetach }: ViewProps) {
  const { id, closed, asStaff, members } = conversation;
  const shown = useThread(id);
  const connected = useChatConnected();
  useReading(id, shown, me);
  const { thread, marks, typing, trouble, reload } = shown;
  const unsent = outbox.unsent().filter((message) => message.conversationId === id);
  return (
    <section class="conversation card" aria-labelledby="conversation-title">
      <header>
        <a class="back" href="/chat">
          ← {text.back}
        </a>
        <h2 id="conversation-title">{partnerOf(conversation)}</h2>
        <p class="quiet-text">{placeOf(conversation)}</p>
      </header>
      {trouble && !thread && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!thread && !trouble && <Loading rows={5} />}
      {thread && thread.messages.length === 0 && unsent.length === 0 && (
        <div class="nothing">
          <h3>{text.nothingYet}</h3>
          <p class="quiet-text">{asStaff ? text.nothingYetStaff : text.nothingYetTenant}</p>
        </div>
      )}
      {thread && (thread.messages.length > 0 || unsent.length > 0) && (
        <Messages
          messages={thread.messages}
          unsent={unsent}
          marks={marks}
          userId={me.id}
          zone={zone}
          more={thread.more}
          onOlder={() => void shown.loadOlder()}
          onDiscard={(clientId) => outbox.discard(clientId)}
        />
      )}
      <p class="typing" role="status">
        {typing.length > 0 ? text.typing(typing.join(words.and), typing.length) : ''}
      </p>
      {connected === false && (
        <p class="notice bad" role="status">
          {text.offline}
        </p>
      )}
      {asStaff && members === 0 && !closed && <p class="quiet-text">{text.noMembers}</p>}
      {closed ? (
        <p class="notice">{text.closed}</p>
      ) : (
        <Composer
          conversationId={id}
          link={link}
          onDetach={onDetach}
          onSend={(written, attached) => {
            outbox.send({ conversationId: id, text: written, link: attached });
            if (attached !== '') onDetach();
          }}
        />
      )}
    </section>
  );
}
