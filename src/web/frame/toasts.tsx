import { api } from '../data/api.ts';
import { placeOf, type Notification } from '../data/inbox.ts';
import type { Me } from '../data/session.ts';
import type { Inbox, Toast } from '../data/use-inbox.ts';
import { sayEnergy, saySlot, sayTime } from '../format.ts';
import { words } from '../words.ts';

const { inbox: text } = words;

export function titleOf({ flatName }: Notification): string {
  return text.overLimit(flatName ?? '');
}

export function sayHour({ overLimit, zone }: Notification): string {
  if (overLimit === null || zone === null) return '';
  const [fromMs, toMs] = [Date.parse(overLimit.from), Date.parse(overLimit.to)];
  return text.hour(saySlot(fromMs, zone, 'day'), sayTime(fromMs, zone), sayTime(toMs, zone));
}

export function sayOver({ overLimit }: Notification): string {
  return overLimit === null ? '' : text.overText(sayEnergy(overLimit.wh), sayEnergy(overLimit.limitWh));
}

function Item({ toast, me, dismiss }: { toast: Toast; me: Me; dismiss(): void }) {
  const one = toast.kind === 'one' ? toast.notification : null;
  const place = one && placeOf(one, me);
  const follow = () => {
    dismiss();
    // It stays unread if this fails, and can be read in the inbox.
    if (one && place !== null) api.readNotification({ notificationId: one.id }).catch(() => undefined);
  };
  return (
    <li class="toast" data-notification={one?.id}>
      <div>
        <strong>{one ? titleOf(one) : toast.kind === 'many' && text.away(toast.count)}</strong>
        <p>{one ? `${sayHour(one)}: ${sayOver(one)}` : text.awayText}</p>
        <a href={place ?? '/inbox'} onClick={follow}>
          {place === null ? text.open : text.look}
        </a>
      </div>
      <button type="button" class="quiet" aria-label={text.dismiss} onClick={dismiss}>
        ×
      </button>
    </li>
  );
}

/** What has just happened, on whatever page one is; it stays until it is closed. */
export function Toasts({ inbox: { toasts, dismiss }, me }: { inbox: Inbox; me: Me }) {
  return (
    <aside class="toasts" aria-label={text.toasts}>
      <div role="status">
        <ul>
          {toasts.map((toast) => (
            <Item key={toast.kind === 'one' ? toast.notification.id : 'many'} toast={toast} me={me} dismiss={() => dismiss(toast)} />
          ))}
        </ul>
      </div>
    </aside>
  );
}
