import { all, api } from '../data/api.ts';
import { readMeters, type Meter } from '../data/building.ts';
import { readOwnProfile } from '../data/own-profile.ts';
import { powerNow } from '../data/power-now.ts';
import { mayChat, type Me } from '../data/session.ts';
import { useClock } from '../data/use-clock.ts';
import { useLiveMeters } from '../data/use-live-meters.ts';
import { useLoad } from '../data/use-load.ts';
import { useGrowing } from '../data/use-growing.ts';
import { LoadProfileCard } from '../parts/load-profile.tsx';
import { MeterTable } from '../parts/meter-table.tsx';
import { ConnectionNotice, DemoBanner, Empty, Loading, TroubleNotice } from '../parts/notice.tsx';
import { OwnPower } from '../parts/own-power.tsx';
import { words } from '../words.ts';

const { own: text } = words;

interface Home {
  names: string[];
  building: string;
  zone: string;
  demo: boolean;
}

async function readHome(): Promise<Home | null> {
  const flats = await all((cursor) => api.listFlats({ limit: 500, ...cursor }));
  const [first] = flats;
  return first ? { names: flats.map(({ name }) => name), building: first.buildingName, zone: first.zone, demo: first.demo } : null;
}

function Profile({ meters, zone, attach }: { meters: readonly Meter[]; zone: string; attach: string | null }) {
  const key = meters.map(({ id }) => id).join(' ');
  const loaded = useGrowing(key, () => readOwnProfile(meters, zone, Date.now()));
  return <LoadProfileCard loaded={loaded} attach={attach} showProduction={meters.some(({ kind }) => kind === 'producer')} />;
}

/** The own flat: power now, today, the own meters. Without a flat but with a single meter it shows that. */
export function OwnPage({ me }: { me: Me }) {
  const nowMs = useClock(1_000);
  const { data, trouble: homeTrouble, reload: reloadHome } = useLoad('home', async () => ({ home: await readHome() }));
  const { data: meters, trouble, reload, connected } = useLiveMeters('own', () => readMeters());
  const failed = homeTrouble ?? trouble;
  if (failed && (!data || !meters)) return <TroubleNotice trouble={failed} onAgain={homeTrouble ? reloadHome : reload} />;
  if (!data || !meters) return <Loading rows={6} />;
  const { home } = data;
  const zone = home?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!home && meters.length === 0) return <Empty title={text.none} text={text.noneText} />;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{home?.names.join(words.and) ?? text.title}</h1>
          {home && <p class="quiet-text">{home.building}</p>}
        </div>
      </div>
      {home?.demo && <DemoBanner />}
      <ConnectionNotice connected={connected} />
      {failed && <TroubleNotice trouble={failed} onAgain={reload} />}
      {meters.length > 0 && <OwnPower power={powerNow(meters)} nowMs={nowMs} />}
      {meters.length > 0 && <Profile meters={meters} zone={zone} attach={mayChat(me) ? '/home' : null} />}
      <MeterTable title={words.meters.own} empty={words.meters.empty} meters={meters} nowMs={nowMs} zone={zone} />
    </>
  );
}
