import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { dayStart } from '../../../domain/time-bucket.ts';
import type { OwnFlat } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { readMeters, type Meter } from '../../data/building.ts';
import { readOwnProfile } from './own-profile.ts';
import { powerNow } from '../../data/power-now.ts';
import { mayChat, mayDownload, type Me } from '../../data/session.ts';
import { ownDays, ownViewIn, queryOfOwn, type OwnView } from './usage-view.ts';
import { useClock } from '../../data/use-clock.ts';
import { useLiveMeters } from '../../data/use-live-meters.ts';
import { useLoad } from '../../data/use-load.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { sayDay } from '../../format.ts';
import { Calendar } from './calendar.tsx';
import { LoadProfileCard } from '../../parts/load-profile.tsx';
import { MeterTable } from '../../parts/meter-table.tsx';
import { ConnectionNotice, DemoBanner, Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { OwnPower } from './own-power.tsx';
import { UsageCard } from './usage-card.tsx';
import { navigate, useSearch } from '../../router.ts';
import { words } from '../../words.ts';

const { own: text } = words;

function Profile({ meters, zone, me }: { meters: readonly Meter[]; zone: string; me: Me }) {
  const key = meters.map(({ id }) => id).join(' ');
  const loaded = useGrowing(key, () => readOwnProfile(meters, zone, Date.now()));
  return (
    <LoadProfileCard
      loaded={loaded}
      attach={mayChat(me) ? '/home' : null}
      file={mayDownload(me) ? words.product : null}
      showProduction={meters.some(({ kind }) => kind === 'producer')}
    />
  );
}

function FlatChooser({ flats, chosen, onChoose }: { flats: readonly OwnFlat[]; chosen: OwnFlat; onChoose(flatId: number): void }) {
  if (flats.length < 2) return null;
  return (
    <label class="chooser">
      <span>{words.usage.flat}</span>
      <select value={chosen.id} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {flats.map(({ id, name, buildingName }) => (
          <option key={id} value={id}>
            {name}, {buildingName}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TimeProps {
  flat: OwnFlat;
  shown: OwnView;
  nowMs: number;
  mayAttach: boolean;
  mayDownload: boolean;
  change(part: Partial<OwnView>): void;
  children: ComponentChildren;
}

/** The calendar picks the day, beside it what was used then. */
function Time({ flat, shown, nowMs, change, children, ...rights }: TimeProps) {
  const days = ownDays(flat, nowMs);
  const day = shown.day !== null && days.has(shown.day) ? shown.day : days.last;
  return (
    <div class="own-time">
      <div class="own-side">
        {children}
        <Calendar
          flatId={flat.id}
          zone={flat.zone}
          nowMs={nowMs}
          days={days}
          day={day}
          onChoose={(chosen) => change({ day: chosen, view: 'day' })}
        />
      </div>
      <UsageCard {...{ flat, shown, day, days, change }} {...rights} />
    </div>
  );
}

function Head({
  flats,
  flat,
  nowMs,
  onChoose,
}: {
  flats: readonly OwnFlat[];
  flat: OwnFlat | null;
  nowMs: number;
  onChoose(id: number): void;
}) {
  if (!flat) return <h1>{text.title}</h1>;
  const { last } = ownDays(flat, nowMs);
  const isOver = flat.periods.every(({ to }) => to !== null && Date.parse(to) <= nowMs);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{flat.name}</h1>
          <p class="quiet-text">{flat.buildingName}</p>
        </div>
        <FlatChooser flats={flats} chosen={flat} onChoose={onChoose} />
      </div>
      {isOver && <p class="notice">{words.usage.livedHere(sayDay(dayStart(last, flat.zone), flat.zone))}</p>}
      {flat.demo && <DemoBanner />}
    </>
  );
}

/** The own flat: power now, the days and what was used in them, the own meters. Without a flat but with a single meter it shows that. */
export function OwnPage({ me }: { me: Me }) {
  const nowMs = useClock(1_000);
  const search = useSearch();
  const shown = useMemo(() => ownViewIn(new URLSearchParams(search)), [search]);
  const { data, trouble: flatsTrouble, reload: reloadFlats } = useLoad('own flats', () => api.listOwnFlats());
  const { data: meters, trouble, reload, connected } = useLiveMeters('own', () => readMeters({ own: true }));
  const failed = flatsTrouble ?? trouble;
  if (failed && (!data || !meters)) return <TroubleNotice trouble={failed} onAgain={flatsTrouble ? reloadFlats : reload} />;
  if (!data || !meters) return <Loading rows={6} />;
  const flats = data.items.filter(({ periods }) => periods.some(({ from }) => from === null || Date.parse(from) <= nowMs));
  const flat = flats.find(({ id }) => id === shown.flatId) ?? flats[0] ?? null;
  if (!flat && meters.length === 0) return <Empty title={text.none} text={text.noneText} />;
  const zone = flat?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const change = (part: Partial<OwnView>) => navigate(`/home${queryOfOwn({ ...shown, ...part })}`);
  const power = meters.length > 0 && <OwnPower power={powerNow(meters)} nowMs={nowMs} />;
  return (
    <>
      <Head flats={flats} flat={flat} nowMs={nowMs} onChoose={(flatId) => change({ flatId, day: null })} />
      <ConnectionNotice connected={connected} />
      {failed && <TroubleNotice trouble={failed} onAgain={reload} />}
      {flat ? (
        <Time flat={flat} shown={shown} nowMs={nowMs} mayAttach={mayChat(me)} mayDownload={mayDownload(me)} change={change}>
          {power}
        </Time>
      ) : (
        <>
          {power}
          <Profile meters={meters} zone={zone} me={me} />
        </>
      )}
      {meters.length > 0 && <MeterTable title={words.meters.own} empty={words.meters.empty} meters={meters} nowMs={nowMs} zone={zone} />}
    </>
  );
}
