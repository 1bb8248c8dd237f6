import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Mark } from '../../../generated/chat-client.ts';
import { TYPING_FADES_MS } from '../../../domain/chat.ts';
import { toTrouble, type Trouble } from '../../data/api.ts';
import { chat } from '../../data/chat-api.ts';
import { onChatNews } from '../../data/chat-news.ts';
import { follows, marksIn, merged, withMarks, type Thread } from './thread.ts';

export interface ShownThread {
  thread: Thread | null;
  marks: readonly Mark[];
  /** Who is writing now. */
  typing: readonly string[];
  trouble: Trouble | null;
  reload(): void;
  loadOlder(): Promise<void>;
}

/** One conversation, kept up: what was missed is read again. */
export function useThread(conversationId: number): ShownThread {
  const [thread, setThread] = useState<Thread | null>(null);
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  const [typing, setTyping] = useState<ReadonlyMap<string, number>>(new Map());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const shown = useRef<Thread | null>(null);
  shown.current = thread;

  const loadNewest = useCallback(async () => {
    try {
      const { messages, more } = await chat.listMessages({ conversationId });
      setMarks((before) => withMarks(before, marksIn(messages)));
      setThread((before) => {
        // Older ones stay only where they join the new piece.
        const joins = before !== null && messages[0] !== undefined && follows(before, messages[0].seq);
        return joins ? { messages: merged(before.messages, messages), more: before.more } : { messages, more };
      });
      setTrouble(null);
    } catch (error) {
      setTrouble(toTrouble(error));
    }
  }, [conversationId]);

  const loadOlder = async () => {
    const first = shown.current?.messages[0];
    if (!first) return;
    try {
      const { messages, more } = await chat.listMessages({ conversationId, beforeSeq: first.seq });
      setMarks((before) => withMarks(before, marksIn(messages)));
      setThread((before) => before && { messages: merged(before.messages, messages), more });
    } catch (error) {
      setTrouble(toTrouble(error));
    }
  };

  useEffect(() => {
    void loadNewest();
    return onChatNews((news) => {
      if (news.kind === 'opened') void loadNewest();
      if (news.kind === 'message' && news.message.conversationId === conversationId) {
        const { message } = news;
        setTyping((before) => new Map([...before].filter(([name]) => name !== message.senderName)));
        if (shown.current && follows(shown.current, message.seq)) {
          setThread((before) => before && { ...before, messages: merged(before.messages, [{ ...message, receipts: [] }]) });
        } else void loadNewest();
      }
      if (news.kind === 'mark' && news.conversationId === conversationId) setMarks((before) => withMarks(before, [news]));
      if (news.kind === 'typing' && news.conversationId === conversationId) {
        setTyping((before) => new Map([...before, [news.userName, Date.now()]]));
      }
    });
  }, [conversationId, loadNewest]);

  useEffect(() => {
    if (typing.size === 0) return;
    const fade = () => setTyping((before) => new Map([...before].filter(([, atMs]) => Date.now() - atMs < TYPING_FADES_MS)));
    const timer = setTimeout(fade, TYPING_FADES_MS);
    return () => clearTimeout(timer);
  }, [typing]);

  return { thread, marks, typing: [...typing.keys()], trouble, reload: () => void loadNewest(), loadOlder };
}
