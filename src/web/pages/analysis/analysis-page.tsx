import { addToDay, localDay } from '../../../domain/time-bucket.ts';
import { useAnalysisView, type ShownAnalysis } from './analysis-view.ts';
import { api } from '../../data/api.ts';
import { readBuildings, type Building } from '../../data/building.ts';
import type { Me } from '../../data/session.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayLocal } from '../../format.ts';
import { BuildingHead, NoBuilding } from '../../parts/building-head.tsx';
import { HeatCard } from './heat-card.tsx';
import { MonthsCard } from './months-card.tsx';
import { DemoBanner, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { RankingList } from './ranking-list.tsx';
import { SourcesDiagram } from './sources-card.tsx';
import { words } from '../../words.ts';

const { analysis: text } = words;

interface MonthPickerProps {
  month: string;
  running: string;
  onPick(month: string | null): void;
}

/** One month back and forth, until the one that is running. */
function MonthPicker({ month, running, onPick }: MonthPickerProps) {
  const step = (months: number) => {
    const next = addToDay(`${month}-01`, { months }).slice(0, 7);
    onPick(next === running ? null : next);
  };
  return (
    <div class="month-picker" role="group" aria-label={text.month}>
      <button type="button" class="small" onClick={() => step(-1)} aria-label={text.monthBefore}>
        ‹
      </button>
      <strong aria-live="polite">{sayLocal(`${month}-01`, 'month')}</strong>
      <button type="button" class="small" onClick={() => step(1)} disabled={month >= running} aria-label={text.monthAfter}>
        ›
      </button>
    </div>
  );
}

interface PartProps extends ShownAnalysis {
  building: Building;
  mayDownload: boolean;
}

function MonthCards({ building, mayDownload, view, change }: PartProps) {
  const running = localDay(Date.now(), building.zone).slice(0, 7);
  const month = view.month !== null && view.month < running ? view.month : running;
  const { data, trouble, reload } = useGrowing(`${building.id} ${month}`, () =>
    api.readEnergySources({ buildingId: building.id, ...(month !== running && { month }) }),
  );
  const card = (id: string, title: string, content: preact.ComponentChildren) => (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        <MonthPicker month={month} running={running} onPick={(picked) => change({ month: picked })} />
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!data && !trouble && <Loading rows={5} />}
      {content}
    </section>
  );
  const fileName = (what: string) => (mayDownload ? `${building.name} ${what} ${month}` : null);
  return (
    <>
      {card('sources-title', text.sources, data && <SourcesDiagram sources={data} fileName={fileName(text.sources)} />)}
      {card(
        'ranking-title',
        text.ranking,
        data && <RankingList sources={data} fileName={fileName(text.ranking)} view={view} change={change} />,
      )}
    </>
  );
}

export function AnalysisPage({ me }: { me: Me }) {
  const { data: buildings, trouble, reload } = useLoad('buildings', readBuildings);
  const shown = useAnalysisView();
  if (trouble && !buildings) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!buildings) return <Loading rows={6} />;
  const building = buildings.find(({ id }) => id === shown.view.buildingId) ?? buildings[0];
  if (!building) return <NoBuilding me={me} />;
  const part = { building, mayDownload: me.permissions.includes('reading:download'), ...shown };
  return (
    <>
      <BuildingHead buildings={buildings} chosen={building} onChoose={(buildingId) => shown.change({ buildingId })} />
      {building.demo && <DemoBanner />}
      <MonthsCard key={`months ${building.id}`} {...part} />
      <HeatCard key={`heat ${building.id}`} {...part} />
      <MonthCards key={`month ${building.id}`} {...part} />
    </>
  );
}
