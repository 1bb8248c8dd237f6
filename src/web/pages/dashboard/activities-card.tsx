import { useEffect, useState } from 'preact/hooks';
import type { Activity } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import type { Building } from '../../data/building.ts';
import type { Me } from '../../data/session.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { sayMoment } from '../../format.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

const { activities: text } = words;
const AT_ONCE = 8;
const MOST = 500;
/** Who runs a command on the server. */
const CONSOLE = 'console';

/** Where the back office shows what an activity is about. */
const OFFICE: Readonly<Record<string, string>> = {
  flat: 'flats',
  point: 'points',
  line: 'lines',
  installation: 'installations',
  tenancy: 'tenancies',
  tariff: 'tariffs',
  correction: 'corrections',
  incident: 'incidents',
  'bill-run': 'bill-runs',
};
/** They stay; of the others one without a name is gone. */
const NAMELESS = new Set(['bill-run', 'incident']);

function placeOf({ about }: Activity, { permissions }: Me): string | null {
  if (about === null || (about.name === null && !NAMELESS.has(about.kind))) return null;
  if (about.kind === 'meter') return `/meters/${about.id}`;
  const resource = OFFICE[about.kind];
  return resource !== undefined && permissions.includes('office:open') ? `/admin/resources/${resource}/records/${about.id}/show` : null;
}

function sayAction(action: string): string {
  return Object.hasOwn(text.actions, action) ? text.actions[action as keyof typeof text.actions] : text.other;
}

interface ItemProps {
  activity: Activity;
  me: Me;
  nowMs: number;
  zone: string;
}

function Item({ activity, me, nowMs, zone }: ItemProps) {
  const { at, person, action, about } = activity;
  const href = placeOf(activity, me);
  const name = about?.name ?? (href === null ? null : text.look);
  return (
    <li data-activity={action}>
      <p>
        <strong>{person === CONSOLE ? text.byConsole : (person ?? words.product)}</strong> {sayAction(action)}
        {name !== null && <>: {href === null ? name : <a href={href}>{name}</a>}</>}
      </p>
      <time class="quiet-text" dateTime={at}>
        {sayMoment(Date.parse(at), nowMs, zone)}
      </time>
    </li>
  );
}

/** Who did what in the building lately. */
export function ActivitiesCard({ building, me, nowMs }: { building: Building; me: Me; nowMs: number }) {
  const [most, setMost] = useState(AT_ONCE);
  const { data, trouble, reload } = useGrowing(`activities ${building.id} ${most}`, () =>
    api.listActivities({ buildingId: building.id, limit: most }),
  );
  const [kept, setKept] = useState(data);
  useEffect(() => {
    if (data) setKept(data);
  }, [data]);
  const shown = data ?? kept;
  return (
    <section class="card" aria-labelledby="activities-title">
      <div class="card-head">
        <h2 id="activities-title">{text.title}</h2>
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!shown && !trouble && <Loading rows={4} />}
      {shown?.items.length === 0 && <p class="quiet-text">{text.none}</p>}
      {shown && shown.items.length > 0 && (
        <ol class="activities">
          {shown.items.map((activity) => (
            <Item key={activity.id} activity={activity} me={me} nowMs={nowMs} zone={building.zone} />
          ))}
        </ol>
      )}
      {shown?.next != null && most < MOST && (
        <button type="button" class="small" onClick={() => setMost(Math.min(MOST, most * 4))}>
          {text.more}
        </button>
      )}
    </section>
  );
}
