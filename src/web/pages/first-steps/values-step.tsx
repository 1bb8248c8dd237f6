import { useId, useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { readMeters, type Building, type Meter } from '../../data/building.ts';
import { readBuildingProfile } from '../../data/profile.ts';
import { daysOf } from '../../data/range.ts';
import type { Me } from '../../data/session.ts';
import { useClock } from '../../data/use-clock.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { useLiveMeters } from '../../data/use-live-meters.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayAge, sayNumber, sayTime } from '../../format.ts';
import { LoadProfileCard } from '../../parts/load-profile.tsx';
import { MeterTable } from '../../parts/meter-table.tsx';
import { ConnectionNotice, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { ReadNow } from '../../parts/read-now.tsx';
import { words } from '../../words.ts';
import { goToStep } from './first-steps-view.ts';
import type { House } from './house.ts';
import { StepCard } from './step-card.tsx';

const {
  firstMeters: { values: text },
} = words;
/** Another slot is asked for once this one must have been read, or given up. */
const PATIENCE_MS = 60_000;

function NextReading({ meterId, zone, nowMs }: { meterId: number; zone: string; nowMs: number }) {
  const { data } = useLoad(`next reading ${meterId} ${Math.floor(nowMs / PATIENCE_MS)}`, () => api.getMeterHealth({ meterId }));
  const [lastKnownMs, setLastKnownMs] = useState<number | null>(null);
  const nextMs = data?.nextSlotAt == null ? null : Date.parse(data.nextSlotAt);
  if (nextMs !== null && nextMs !== lastKnownMs) setLastKnownMs(nextMs);
  const shownMs = nextMs ?? lastKnownMs;
  if (shownMs === null) return null;
  return (
    <p role="status" class="next-reading">
      {nowMs < shownMs ? text.next(sayTime(shownMs, zone), sayAge(shownMs - nowMs)) : text.soon(sayTime(shownMs, zone))}
    </p>
  );
}

function ReadingNow({ meters }: { meters: readonly [Meter, ...Meter[]] }) {
  const id = useId();
  const [meterId, setMeterId] = useState(meters[0].id);
  const chosen = meters.find((meter) => meter.id === meterId) ?? meters[0];
  return (
    <div class="inner-card">
      <h3>{text.readNow}</h3>
      <p class="quiet-text">{text.readNowText}</p>
      <div class="chooser">
        <label for={id}>{words.meters.meter}</label>
        <select id={id} value={chosen.id} onChange={(event) => setMeterId(Number(event.currentTarget.value))}>
          {meters.map(({ id: each, flat, serial }) => (
            <option key={each} value={each}>
              {flat} ({serial})
            </option>
          ))}
        </select>
      </div>
      <ReadNow key={chosen.id} meterId={chosen.id} serial={chosen.serial} />
    </div>
  );
}

function FirstChart({ building, showProduction }: { building: Building; showProduction: boolean }) {
  const { id: buildingId, zone } = building;
  const loaded = useGrowing(`first chart ${buildingId}`, () => {
    const nowMs = Date.now();
    return readBuildingProfile({ buildingId, zone }, daysOf({ kind: 'today' }, zone, nowMs), nowMs);
  });
  return <LoadProfileCard loaded={loaded} showProduction={showProduction} empty={text.chartEmpty} />;
}

export function ValuesStep({ me, house: { building } }: { me: Me; house: House }) {
  const nowMs = useClock(1_000);
  const { data: meters, trouble, reload, connected } = useLiveMeters(building.id, () => readMeters({ buildingId: building.id }));
  if (trouble && !meters) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!meters) return <Loading rows={4} />;
  const [first] = meters;
  const [asked, ...others] = meters.filter(({ pushes }) => !pushes);
  const toMeters = () => goToStep({ step: 'meters', buildingId: building.id });
  if (!first) {
    return (
      <StepCard title={text.title} lead={text.none}>
        <p class="row">
          <button type="button" class="main" onClick={toMeters}>
            {text.toMeters}
          </button>
        </p>
      </StepCard>
    );
  }
  const read = meters.filter(({ latest }) => latest !== null).length;
  return (
    <>
      <ConnectionNotice connected={connected} />
      <StepCard title={read > 0 ? text.there : text.title} lead={read > 0 ? text.thereText : text.lead(meters.length)}>
        {read > 0 && read < meters.length && <p>{text.some(sayNumber(read), sayNumber(meters.length))}</p>}
        {read < meters.length && asked && <NextReading meterId={asked.id} zone={building.zone} nowMs={nowMs} />}
        <p class="row">
          {me.permissions.includes('live:read') && (
            <a class={read > 0 ? 'button main' : 'button'} href={`/dashboard?building=${building.id}`}>
              {text.toDashboard}
            </a>
          )}
          <button type="button" onClick={toMeters}>
            {text.moreMeters}
          </button>
        </p>
        {read === 0 && asked && me.permissions.includes('meter:control') && <ReadingNow meters={[asked, ...others]} />}
      </StepCard>
      {read > 0 && <FirstChart building={building} showProduction={meters.some(({ kind }) => kind === 'producer')} />}
      <MeterTable title={text.table} empty={text.none} meters={meters} nowMs={nowMs} zone={building.zone} />
    </>
  );
}
