import { useState } from 'preact/hooks';
import type { Conversation } from '../../../generated/chat-client.ts';
import { sayMoment } from '../../format.ts';
import { words } from '../../words.ts';
import { UnreadBadge } from '../../frame/unread-badge.tsx';

const { chat: text } = words;
const FILTER_FROM = 8;

/** Who is talked with: the party, or for the party those who manage the building. */
export function partnerOf({ asStaff, party, buildingName }: Conversation): string {
  return asStaff ? party : `${text.staff} · ${buildingName}`;
}

export function placeOf({ asStaff, flatName, buildingName }: Conversation): string {
  return asStaff ? `${flatName} · ${buildingName}` : flatName;
}

interface ItemProps {
  conversation: Conversation;
  unread: number;
  isShown: boolean;
  address: string;
  zone: string;
}

function Item({ conversation, unread, isShown, address, zone }: ItemProps) {
  const { lastMessage, closed } = conversation;
  return (
    <li>
      <a href={address} aria-current={isShown ? 'true' : undefined} class={unread > 0 ? 'unread' : undefined}>
        <span class="partner">{partnerOf(conversation)}</span>
        {lastMessage?.sentAt !== undefined && <span class="when">{sayMoment(Date.parse(lastMessage.sentAt), Date.now(), zone)}</span>}
        <span class="place">
          {placeOf(conversation)}
          {closed && ` · ${text.ended}`}
        </span>
        <UnreadBadge count={unread} />
        {lastMessage && <span class="preview">{lastMessage.text || text.attached}</span>}
      </a>
    </li>
  );
}

interface ListProps {
  conversations: readonly Conversation[];
  unread: ReadonlyMap<number, number>;
  shownId: number | null;
  addressOf(id: number): string;
  zone: string;
}

export function ConversationList({ conversations, unread, shownId, addressOf, zone }: ListProps) {
  const [wanted, setWanted] = useState('');
  const matches = conversations.filter((one) =>
    `${one.party} ${one.flatName} ${one.buildingName}`.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()),
  );
  return (
    <nav class="conversations" aria-label={text.conversations}>
      {conversations.length >= FILTER_FROM && (
        <input
          type="search"
          value={wanted}
          aria-label={text.filter}
          placeholder={text.filter}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      {matches.length === 0 && <p class="quiet-text">{text.noMatch}</p>}
      <ul>
        {matches.map((conversation) => (
          <Item
            key={conversation.id}
            conversation={conversation}
            unread={unread.get(conversation.id) ?? 0}
            isShown={conversation.id === shownId}
            address={addressOf(conversation.id)}
            zone={zone}
          />
        ))}
      </ul>
    </nav>
  );
}
