import { localDay } from '../../../domain/time-bucket.ts';
import { api } from '../../data/api.ts';
import { readMeters, type Building } from '../../data/building.ts';
import { powerFlow } from './power-flow.ts';
import { powerNow } from '../../data/power-now.ts';
import { isUnknown } from '../../data/profile.ts';
import { mayChat, mayDownload, mayGoFirstSteps, type Me } from '../../data/session.ts';
import { useBuilding } from '../../data/use-building.ts';
import { useClock } from '../../data/use-clock.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { useLiveMeters } from '../../data/use-live-meters.ts';
import { useView, type ShownView } from './use-view.ts';
import { BuildingHead, FirstStepsLink, NoBuilding } from '../../parts/building-head.tsx';
import { ActivitiesCard } from './activities-card.tsx';
import { BuildingProfile, useBuildingProfile } from './building-profile.tsx';
import { DayCard } from './day-card.tsx';
import { ConnectionNotice, DemoBanner, Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { PowerFlowPicture } from './power-flow.tsx';
import { PowerTiles } from './power-tiles.tsx';
import { ShortMeterTable } from './short-meter-table.tsx';
import { TopFlats } from './top-flats.tsx';
import { words } from '../../words.ts';

interface BuildingBodyProps {
  building: Building;
  me: Me;
  shown: ShownView;
}

function BuildingBody({ building, me, shown }: BuildingBodyProps) {
  const nowMs = useClock(1_000);
  const { data: meters, trouble, reload, connected } = useLiveMeters(building.id, () => readMeters({ buildingId: building.id }));
  const profile = useBuildingProfile(building, shown.view.range);
  const day = useGrowing(building.id, () => api.readBuildingDay({ buildingId: building.id }));
  const mayGo = mayGoFirstSteps(me);
  const fileName = (what: string) => (mayDownload(me) ? `${building.name} ${what} ${localDay(nowMs, building.zone)}` : null);
  const bare = meters?.length === 0 && profile.data !== null && isUnknown(profile.data);
  const isWaiting = mayGo && !!meters?.length && meters.every(({ latest }) => latest === null);
  return (
    <>
      {building.demo && <DemoBanner />}
      <ConnectionNotice connected={connected} />
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {meters === null && !trouble && <Loading rows={4} />}
      {isWaiting && (
        <p class="notice">
          {words.firstSteps.waiting} <a href={`/first-steps?step=values&building=${building.id}`}>{words.firstSteps.waitingLink}</a>
        </p>
      )}
      {meters !== null && meters.length > 0 && (
        <>
          <PowerTiles power={powerNow(meters)} meters={meters} nowMs={nowMs} />
          <PowerFlowPicture flow={powerFlow(meters)} fileName={fileName(words.flow.title)} />
        </>
      )}
      {bare ? (
        <Empty level={2} title={words.meters.none} text={mayGo ? words.meters.emptySteps : words.meters.empty}>
          {mayGo && <FirstStepsLink buildingId={building.id} />}
        </Empty>
      ) : (
        <>
          <DayCard loaded={day} />
          <BuildingProfile
            {...{ building, profile, ...shown }}
            mayAttach={mayChat(me)}
            mayDownload={mayDownload(me)}
            showProduction={meters?.some(({ kind }) => kind === 'producer') ?? false}
          />
          {day.data && <TopFlats day={day.data} fileName={fileName(words.top.title)} />}
        </>
      )}
      {meters && !bare && (
        <ShortMeterTable building={building} meters={meters} nowMs={nowMs} mayMore={me.permissions.includes('reading:read')} />
      )}
      {me.permissions.includes('building-activity:read') && <ActivitiesCard building={building} me={me} nowMs={nowMs} />}
    </>
  );
}

export function DashboardPage({ me }: { me: Me }) {
  const shown = useView();
  const { data: buildings, chosen, trouble, reload } = useBuilding(shown.view.buildingId);
  if (trouble && !buildings) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!buildings) return <Loading rows={6} />;
  if (!chosen) return <NoBuilding me={me} />;
  return (
    <>
      <BuildingHead buildings={buildings} chosen={chosen} onChoose={(buildingId) => shown.change({ buildingId, zoom: null })} />
      <BuildingBody key={chosen.id} building={chosen} me={me} shown={shown} />
    </>
  );
}
