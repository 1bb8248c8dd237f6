import { pageAddress } from '../../../domain/chat.ts';
import { viewIn } from '../../data/view.ts';
import { sayDay } from '../../format.ts';
import { words } from '../../words.ts';

const { chat: text } = words;

function nameOf(pathname: string): string {
  const page = pathname.slice(1);
  return page in text.pages ? text.pages[page as keyof typeof text.pages] : text.pages.other;
}

/** What the state in the address means, as far as it is a time. */
function timeOf(query: URLSearchParams): string {
  const { range } = viewIn(query);
  if (range.kind !== 'own') return query.has('range') ? words.range[range.kind] : '';
  const day = (name: string) => sayDay(Date.parse(`${name}T12:00:00Z`), 'UTC');
  return range.firstDay === range.lastDay ? day(range.firstDay) : `${day(range.firstDay)} – ${day(range.lastDay)}`;
}

/** A page of the app with its state; an address of anything else shows nothing. */
export function Attachment({ link, onRemove }: { link: string; onRemove?: () => void }) {
  const address = pageAddress(link);
  if (address === null) return null;
  const url = new URL(address, location.origin);
  const time = timeOf(url.searchParams);
  return (
    <div class="attachment">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 19h16M6 16v-4M11 16V6M16 16v-7" />
      </svg>
      <div>
        <span class="attachment-name">{nameOf(url.pathname)}</span>
        {time !== '' && <span class="attachment-time">{time}</span>}
      </div>
      {onRemove ? (
        <button type="button" class="quiet small" onClick={onRemove} aria-label={text.detach}>
          ×
        </button>
      ) : (
        <a href={address} aria-label={`${text.open}: ${nameOf(url.pathname)} ${time}`}>
          {text.open}
        </a>
      )}
    </div>
  );
}
