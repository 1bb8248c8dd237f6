import type { OwnSession } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { useLoad } from '../../data/use-load.ts';
import { useSending } from '../../data/use-sending.ts';
import { ownZone, sayMoment } from '../../format.ts';
import { words } from '../../words.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { Refused } from '../../parts/refused.tsx';

const { sessions: text } = words;

function sayDevice({ browser, system }: OwnSession): string {
  if (browser !== null && system !== null) return text.device(browser, system);
  return browser ?? system ?? text.unknown;
}

interface ItemProps {
  session: OwnSession;
  busy: boolean;
  onEnd(): void;
}

function Item({ session, busy, onEnd }: ItemProps) {
  const nowMs = Date.now();
  const moment = (iso: string) => sayMoment(Date.parse(iso), nowMs, ownZone());
  return (
    <li>
      <div>
        <p class="what">
          {sayDevice(session)}
          {session.current && <span class="badge">{text.current}</span>}
        </p>
        <p class="quiet-text">
          {[session.address, text.since(moment(session.startedAt)), text.seen(moment(session.lastSeenAt))].filter(Boolean).join(' · ')}
        </p>
      </div>
      {!session.current && (
        <button type="button" class="small" aria-disabled={busy} aria-label={text.endOf(sayDevice(session))} onClick={onEnd}>
          {text.end}
        </button>
      )}
    </li>
  );
}

export function AccountSessions() {
  const { data, trouble: unread, reload } = useLoad('sessions', () => api.listOwnSessions());
  const { busy, trouble, send } = useSending();
  const end = async (work: () => Promise<void>) => {
    await send(work);
    reload();
  };
  const sessions = data?.items ?? [];
  return (
    <section class="card form-card">
      <h2>{text.title}</h2>
      <Refused trouble={trouble} />
      {!data && (unread ? <TroubleNotice trouble={unread} onAgain={reload} /> : <Loading rows={2} />)}
      <ul class="things">
        {sessions.map((session) => (
          <Item key={session.id} session={session} busy={busy} onEnd={() => void end(() => api.endSession({ sessionId: session.id }))} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <p class="row">
          <button type="button" aria-disabled={busy} onClick={() => void end(() => api.endOtherSessions())}>
            {text.endOthers}
          </button>
        </p>
      ) : (
        data && <p class="quiet-text">{text.alone}</p>
      )}
    </section>
  );
}
