import { useId, useState } from 'preact/hooks';
import { localDay } from '../../../domain/time-bucket.ts';
import '../../styles/meter-pages.css';
import { api } from '../../data/api.ts';
import { byKind, readMeters, type Building, type Meter } from '../../data/building.ts';
import { hasGaps } from './coverage.ts';
import { METER_FILTERS, metersQueryOf, metersViewIn, type MetersView } from '../../data/meters-view.ts';
import { mayGoFirstSteps, type Me } from '../../data/session.ts';
import { useBuilding } from '../../data/use-building.ts';
import { useClock } from '../../data/use-clock.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { useLiveMeters } from '../../data/use-live-meters.ts';
import { sayFullDay } from '../../format.ts';
import { BuildingHead, FirstStepsLink, NoBuilding } from '../../parts/building-head.tsx';
import { CoverageLegend } from './coverage-strip.tsx';
import { DayPicker } from './day-picker.tsx';
import { MeterRows, type MeterRow } from './meter-rows.tsx';
import { MissingTable } from './missing-table.tsx';
import { MeterSections } from './meter-sections.tsx';
import { ConnectionNotice, Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { navigate, useSearch } from '../../router.ts';
import { CsvLink, csvQuery } from '../../parts/csv.tsx';
import { words } from '../../words.ts';
import type { BuildingCoverage } from '../../../generated/api-client.ts';

const { coverage: text } = words;
const ROWS = 100;

interface FiltersProps {
  view: MetersView;
  onChange(part: Partial<MetersView>): void;
}

function Filters({ view, onChange }: FiltersProps) {
  const id = useId();
  return (
    <div class="filters">
      <div class="choices" role="group" aria-label={text.filter}>
        {METER_FILTERS.map((filter) => (
          <button key={filter} type="button" aria-pressed={view.show === filter} onClick={() => onChange({ show: filter })}>
            {text[filter]}
          </button>
        ))}
      </div>
      <div class="search">
        <label class="hidden" for={id}>
          {text.search}
        </label>
        <input
          id={id}
          type="search"
          placeholder={text.searchHint}
          value={view.search}
          onInput={(event) => onChange({ search: event.currentTarget.value })}
        />
      </div>
    </div>
  );
}

function coverageCsv(buildingId: number, day: string): string {
  const query = new URLSearchParams({ day, format: 'csv', ...csvQuery() });
  return `/api/v1/buildings/${buildingId}/coverage?${query.toString()}`;
}

function isWanted({ runs, live, flatName, serial }: MeterRow, { show, search }: MetersView): boolean {
  if (show === 'silent' && live?.state !== 'silent') return false;
  if (show === 'incomplete' && !hasGaps(runs)) return false;
  const said = `${flatName} ${serial} ${live?.model ?? ''}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function rowsOf({ items }: BuildingCoverage, meters: readonly Meter[]): MeterRow[] {
  const live = new Map(meters.map((meter) => [meter.id, meter]));
  return items
    .map((item) => ({ ...item, live: live.get(item.meterId) ?? null }))
    .toSorted((a, b) =>
      byKind({ kind: a.flatKind, name: a.flatName, serial: a.serial }, { kind: b.flatKind, name: b.flatName, serial: b.serial }),
    );
}

interface ListProps extends FiltersProps {
  building: Building;
  coverage: BuildingCoverage;
  meters: readonly Meter[];
  nowMs: number;
  me: Me;
}

function List({ building, coverage, meters, view, nowMs, me, onChange }: ListProps) {
  const mayRead = me.permissions.includes('meter:control');
  const mayDownload = me.permissions.includes('reading:download');
  const [most, setMost] = useState(ROWS);
  const rows = rowsOf(coverage, meters);
  const wanted = rows.filter((row) => isWanted(row, view));
  const { quarters } = coverage;
  if (rows.length === 0) return <p class="quiet-text">{text.noneThen}</p>;
  return (
    <>
      <Filters view={view} onChange={onChange} />
      <p class="quiet-text" role="status">
        {text.count(wanted.length, rows.length)}
        {quarters !== 96 && ` · ${text.switchDay(quarters)}`}
      </p>
      <CoverageLegend />
      {wanted.length === 0 ? (
        <p class="quiet-text">{text.noneFound}</p>
      ) : (
        <MeterRows rows={wanted.slice(0, most)} coverage={coverage} nowMs={nowMs} mayRead={mayRead} />
      )}
      {wanted.length > most && (
        <button type="button" onClick={() => setMost(most + ROWS)}>
          {text.more(Math.min(ROWS, wanted.length - most))}
        </button>
      )}
      <MissingTable rows={wanted} coverage={coverage} />
      {mayDownload && (
        <p class="files">
          <CsvLink href={coverageCsv(building.id, coverage.day)} />
        </p>
      )}
    </>
  );
}

interface BodyProps extends FiltersProps {
  building: Building;
  me: Me;
}

function Body({ building, me, view, onChange }: BodyProps) {
  const nowMs = useClock(10_000);
  const today = localDay(nowMs, building.zone);
  const day = view.day ?? today;
  const live = useLiveMeters(building.id, () => readMeters({ buildingId: building.id }));
  const covered = useGrowing(`${building.id} ${day}`, () => api.readCoverage({ buildingId: building.id, day }));
  const trouble = live.trouble ?? covered.trouble;
  const reload = () => {
    live.reload();
    covered.reload();
  };
  const isReady = live.data !== null && covered.data !== null;
  const isEmpty = live.data?.length === 0 && covered.data?.items.length === 0;
  const mayGo = mayGoFirstSteps(me);
  return (
    <>
      <ConnectionNotice connected={live.connected} />
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {isEmpty && view.day === null ? (
        <Empty level={2} title={words.meters.none} text={mayGo ? words.meters.emptySteps : words.meters.empty}>
          {mayGo && <FirstStepsLink buildingId={building.id} />}
        </Empty>
      ) : (
        <section class="card" aria-labelledby="coverage-title">
          <div class="card-head">
            <h2 id="coverage-title">
              {covered.data ? sayFullDay(Date.parse(covered.data.from), building.zone) : words.meterPages.coverage}
            </h2>
            <p class="quiet-text">{words.profile.zone(building.zone)}</p>
          </div>
          <DayPicker day={day} today={today} onChoose={(chosen) => onChange({ day: chosen })} />
          {!isReady && !trouble && <Loading rows={8} />}
          {live.data && covered.data && (
            <List
              key={day}
              coverage={covered.data}
              meters={live.data}
              view={view}
              nowMs={nowMs}
              me={me}
              building={building}
              onChange={onChange}
            />
          )}
        </section>
      )}
    </>
  );
}

/** Every meter of a building: how it was read on a day, and how it does. */
export function MetersPage({ me }: { me: Me }) {
  const search = useSearch();
  const view = metersViewIn(new URLSearchParams(search));
  const { data: buildings, chosen, trouble, reload } = useBuilding(view.buildingId);
  const change = (part: Partial<MetersView>) =>
    navigate(`/meters${metersQueryOf({ ...view, ...part })}`, { replace: part.search !== undefined });
  if (trouble && !buildings) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!buildings) return <Loading rows={6} />;
  if (!chosen) return <NoBuilding me={me} />;
  return (
    <>
      <BuildingHead buildings={buildings} chosen={chosen} title={text.title} onChoose={(buildingId) => change({ buildingId })}>
        <MeterSections path="/meters" buildingId={view.buildingId} />
      </BuildingHead>
      <Body key={chosen.id} building={chosen} me={me} view={view} onChange={change} />
    </>
  );
}
