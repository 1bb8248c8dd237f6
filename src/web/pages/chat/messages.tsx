import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Mark, Message } from '../../../generated/chat-client.ts';
import { readersOf, sightOfMessage } from './thread.ts';
import type { Unsent } from './outbox.ts';
import { sayDate, sayTime } from '../../format.ts';
import { words } from '../../words.ts';
import { Attachment } from './attachment.tsx';

const { chat: text } = words;
const DAY_MS = 86_400_000;
const NEAR_PX = 120;

function sayDayOf(ms: number, nowMs: number, zone: string): string {
  const day = sayDate(ms, zone);
  if (day === sayDate(nowMs, zone)) return text.today;
  return day === sayDate(nowMs - DAY_MS, zone) ? text.yesterday : day;
}

function Ticks({ message, marks }: { message: Message; marks: readonly Mark[] }) {
  const sight = sightOfMessage(message, marks);
  const readers = readersOf(message, marks);
  const said = readers.length > 0 ? text.readBy(readers.join(', ')) : text.sight[sight];
  return (
    <span class={`ticks ${sight}`} title={said}>
      <svg viewBox="0 0 22 14" aria-hidden="true">
        <path d="M1 8l4 4L13 2" />
        {sight !== 'sent' && <path d="M9 11l1 1L19 2" />}
      </svg>
      <span class="hidden">{said}</span>
    </span>
  );
}

interface BubbleProps {
  message: Message;
  isOwn: boolean;
  /** Follows one of the same person. */
  isNext: boolean;
  marks: readonly Mark[];
  zone: string;
}

function Bubble({ message, isOwn, isNext, marks, zone }: BubbleProps) {
  return (
    <li class={`bubble ${isOwn ? 'own' : ''} ${isNext ? 'next' : ''}`}>
      {!isNext && <span class="sender">{isOwn ? text.you : message.senderName}</span>}
      {message.text !== '' && <p>{message.text}</p>}
      {message.link !== '' && <Attachment link={message.link} />}
      <span class="sent">
        <time dateTime={message.sentAt}>{sayTime(Date.parse(message.sentAt ?? ''), zone)}</time>
        {isOwn && <Ticks message={message} marks={marks} />}
      </span>
    </li>
  );
}

function Waiting({ message, onDiscard }: { message: Unsent; onDiscard(): void }) {
  const { problem } = message;
  return (
    <li class={`bubble own waiting ${problem === null ? '' : 'refused'}`}>
      {message.text !== '' && <p>{message.text}</p>}
      {message.link !== '' && <Attachment link={message.link} />}
      <span class="sent">
        {problem === null ? text.waiting : text.refused(problem)}
        {problem !== null && (
          <button type="button" class="quiet small" onClick={onDiscard}>
            {text.discard}
          </button>
        )}
      </span>
    </li>
  );
}

interface MessagesProps {
  messages: readonly Message[];
  unsent: readonly Unsent[];
  marks: readonly Mark[];
  userId: number;
  zone: string;
  more: boolean;
  onOlder(): void;
  onDiscard(clientId: string): void;
}

/** Stays at the newest message as long as the reader is there, and where the reader is when older ones come. */
export function Messages({ messages, unsent, marks, userId, zone, more, onOlder, onDiscard }: MessagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef<{ first: number; height: number; isNear: boolean }>({ first: 0, height: 0, isNear: true });
  const first = messages[0]?.seq ?? 0;
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const before = seen.current;
    if (before.first > first && first > 0) current.scrollTop += current.scrollHeight - before.height;
    else if (before.isNear || before.first === 0) current.scrollTop = current.scrollHeight;
    seen.current = { ...before, first, height: current.scrollHeight };
  });
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    // Such as by the keyboard of a phone.
    const size = new ResizeObserver(() => {
      if (seen.current.isNear) current.scrollTop = current.scrollHeight;
    });
    size.observe(current);
    return () => size.disconnect();
  }, []);
  const onScroll = () => {
    const { current } = box;
    if (current) seen.current.isNear = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_PX;
  };
  const known = new Set(messages.filter(({ senderId }) => senderId === userId).map(({ clientId }) => clientId));
  const nowMs = Date.now();
  return (
    <div class="messages" ref={box} onScroll={onScroll} role="log" aria-label={text.log} tabIndex={0}>
      {more && (
        <button type="button" class="small" onClick={onOlder}>
          {text.older}
        </button>
      )}
      <ol>
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const day = sayDayOf(Date.parse(message.sentAt ?? ''), nowMs, zone);
          const isNewDay = before === undefined || sayDayOf(Date.parse(before.sentAt ?? ''), nowMs, zone) !== day;
          return [
            isNewDay && (
              <li key={`day-${message.seq}`} class="day-line">
                {day}
              </li>
            ),
            <Bubble
              key={message.seq}
              message={message}
              isOwn={message.senderId === userId}
              isNext={!isNewDay && before?.senderId === message.senderId}
              marks={marks}
              zone={zone}
            />,
          ];
        })}
        {unsent
          .filter(({ clientId }) => !known.has(clientId))
          .map((message) => (
            <Waiting key={message.clientId} message={message} onDiscard={() => onDiscard(message.clientId)} />
          ))}
      </ol>
    </div>
  );
}
