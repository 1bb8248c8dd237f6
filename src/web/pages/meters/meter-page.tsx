import '../../styles/meter-pages.css';
import type { Meter } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { readBuildings } from '../../data/building.ts';
import { historyQueryOf } from '../history/history-view.ts';
import { metersQueryOf } from '../../data/meters-view.ts';
import type { Me } from '../../data/session.ts';
import { useClock } from '../../data/use-clock.ts';
import { useLiveMeter } from './use-live-meter.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayAge, sayMoment } from '../../format.ts';
import { MeterFacts } from './meter-facts.tsx';
import { ConnectionNotice, Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { PowerQuality } from './power-quality.tsx';
import { ReadNow, ValuesTable } from '../../parts/read-now.tsx';
import { words } from '../../words.ts';

const { meterPage: text } = words;

function ValuesNow({ meter, nowMs, zone, mayRead }: { meter: Meter; nowMs: number; zone: string; mayRead: boolean }) {
  const { latest } = meter;
  return (
    <section class="card" aria-labelledby="now-title">
      <div class="card-head">
        <h2 id="now-title">{text.now}</h2>
        {latest && <p class="quiet-text">{sayMoment(Date.parse(latest.takenAt), nowMs, zone)}</p>}
      </div>
      {latest === null && <p class="quiet-text">{text.nowEmpty}</p>}
      {latest && !latest.fresh && <p class="bad-text">{text.old(sayAge(nowMs - Date.parse(latest.takenAt)))}</p>}
      {latest && (
        <div class={latest.fresh ? 'values-grid' : 'values-grid old'}>
          <ValuesTable values={latest.values} caption={text.now} />
        </div>
      )}
      {mayRead && <ReadNow meterId={meter.id} serial={meter.serial} />}
    </section>
  );
}

interface ShownMeterProps {
  meter: Meter;
  me: Me;
  zone: string;
}

function ShownMeter({ meter, me, zone }: ShownMeterProps) {
  const nowMs = useClock(1_000);
  const { place } = meter;
  const mayRead = me.permissions.includes('meter:control') && place?.running === true && !meter.pushes;
  const health = useLoad(`health ${meter.id} ${Math.floor(nowMs / 60_000)}`, () => api.getMeterHealth({ meterId: meter.id }));
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{place?.flatName ?? meter.serial}</h1>
          <p class="quiet-text">
            {meter.serial} · {meter.modelName}
          </p>
        </div>
        <nav class="sections" aria-label={words.meterPages.sections}>
          <a href={`/meters${metersQueryOf({ buildingId: place?.buildingId ?? null })}`}>{text.back}</a>
          <a
            href={`/history${historyQueryOf({ series: [{ meterId: meter.id, quantity: 'activePowerTotal' }], range: { kind: 'today' }, zoom: null })}`}
          >
            {text.history}
          </a>
        </nav>
      </div>
      <div class="two-cards">
        <MeterFacts meter={meter} health={health.data} nowMs={nowMs} zone={zone} />
        <ValuesNow meter={meter} nowMs={nowMs} zone={zone} mayRead={mayRead} />
      </div>
      <PowerQuality
        meterId={meter.id}
        serial={meter.serial}
        zone={zone}
        mayDownload={me.permissions.includes('reading:download')}
        mayRead={mayRead}
      />
    </>
  );
}

/** All about one meter. */
export function MeterPage({ me, id }: { me: Me; id: number }) {
  const { data: meter, trouble, reload, connected } = useLiveMeter(id);
  const buildings = useLoad('buildings', readBuildings);
  if (trouble?.status === 404) return <Empty title={text.missingTitle} text={text.missingText} />;
  const failed = trouble ?? buildings.trouble;
  const again = () => {
    reload();
    buildings.reload();
  };
  const zone = buildings.data?.find(({ id }) => id === meter?.place?.buildingId)?.zone ?? 'UTC';
  return (
    <>
      <ConnectionNotice connected={connected} />
      {failed && <TroubleNotice trouble={failed} onAgain={again} />}
      {(!meter || !buildings.data) && !failed && <Loading rows={8} />}
      {meter && buildings.data && <ShownMeter meter={meter} me={me} zone={zone} />}
    </>
  );
}
