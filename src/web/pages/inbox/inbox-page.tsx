import { useEffect, useState } from 'preact/hooks';
import { api, toTrouble, type Trouble } from '../../data/api.ts';
import { placeOf, readInbox, type Notification } from '../../data/inbox.ts';
import { listenLive } from '../../data/live.ts';
import type { Me } from '../../data/session.ts';
import { useLoad } from '../../data/use-load.ts';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { sayHour, sayOver, titleOf } from '../../frame/toasts.tsx';
import { words } from '../../words.ts';

const { inbox: text } = words;

interface ItemProps {
  item: Notification;
  me: Me;
  onRead?(): void;
}

function Item({ item, me, onRead }: ItemProps) {
  const place = placeOf(item, me);
  return (
    <li class={item.withdrawnAt === null ? 'card notification' : 'card notification withdrawn'} data-notification={item.id}>
      <div>
        <h3>{titleOf(item)}</h3>
        <p>{sayOver(item)}</p>
        {item.withdrawnAt !== null && <p class="withdrawn-note">{text.withdrawn}</p>}
        <p class="quiet-text">
          {sayHour(item)} · {item.buildingName}
        </p>
      </div>
      <div class="notification-do">
        {place !== null && (
          <a class="button" href={place} onClick={onRead}>
            {text.look}
          </a>
        )}
        {onRead && (
          <button type="button" class="quiet" onClick={onRead}>
            {text.read}
          </button>
        )}
      </div>
    </li>
  );
}

/** What one was told: the unread first, then what was read, the newest first. */
export function InboxPage({ me }: { me: Me }) {
  const [pieces, setPieces] = useState({ unread: 1, read: 1 });
  const [failed, setFailed] = useState<Trouble | null>(null);
  const key = `inbox ${pieces.unread} ${pieces.read}`;
  const { data, trouble, reload } = useLoad(key, async () => {
    const [unread, read] = await Promise.all([readInbox(true, pieces.unread), readInbox(false, pieces.read)]);
    return { unread, read };
  });
  const [kept, setKept] = useState(data);
  useEffect(() => {
    if (data) setKept(data);
  }, [data]);
  useEffect(() => listenLive({ onInbox: reload, onReturn: reload }), [reload]);
  const shown = data ?? kept;
  if (!shown) return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={4} />;
  const { unread, read } = shown;
  if (unread.items.length + read.items.length === 0) return <Empty title={text.none} text={text.noneText} />;
  const mark = (work: Promise<unknown>) => {
    setFailed(null);
    work.then(reload, (error: unknown) => setFailed(toTrouble(error)));
  };
  const newest = unread.items[0];
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{text.title}</h1>
          <p class="quiet-text">{text.lead}</p>
        </div>
        {newest && (
          <button type="button" onClick={() => mark(api.readNotifications({ upToId: newest.id }))}>
            {text.readAll}
          </button>
        )}
      </div>
      {(failed ?? trouble) && <TroubleNotice trouble={(failed ?? trouble)!} onAgain={reload} />}
      <section aria-labelledby="unread-title">
        <h2 id="unread-title">{text.fresh}</h2>
        {unread.items.length === 0 && <p class="quiet-text">{text.noneFresh}</p>}
        <ul class="notifications">
          {unread.items.map((item) => (
            <Item key={item.id} item={item} me={me} onRead={() => mark(api.readNotification({ notificationId: item.id }))} />
          ))}
        </ul>
        {unread.hasMore && (
          <button type="button" onClick={() => setPieces({ ...pieces, unread: pieces.unread + 1 })}>
            {text.older}
          </button>
        )}
      </section>
      {read.items.length > 0 && (
        <section aria-labelledby="read-title">
          <h2 id="read-title">{text.earlier}</h2>
          <ul class="notifications">
            {read.items.map((item) => (
              <Item key={item.id} item={item} me={me} />
            ))}
          </ul>
          {read.hasMore && (
            <button type="button" onClick={() => setPieces({ ...pieces, read: pieces.read + 1 })}>
              {text.older}
            </button>
          )}
        </section>
      )}
    </>
  );
}
