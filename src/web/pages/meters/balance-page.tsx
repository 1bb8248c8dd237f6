import '../../styles/meter-pages.css';
import { addToDay, localDay } from '../../../domain/time-bucket.ts';
import type { BuildingBalance } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import type { Building } from '../../data/building.ts';
import { daysOfPeriod, metersQueryOf, metersViewIn, PERIODS, type MetersView } from '../../data/meters-view.ts';
import type { Me } from '../../data/session.ts';
import { useBuilding } from '../../data/use-building.ts';
import { useClock } from '../../data/use-clock.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { sayFullDay, sayMoment, sayPeriod } from '../../format.ts';
import { BalanceFigures } from './balance-figures.tsx';
import { BuildingHead, NoBuilding } from '../../parts/building-head.tsx';
import { MeterSections } from './meter-sections.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { navigate, useSearch } from '../../router.ts';
import { CsvLink, csvQuery } from '../../parts/csv.tsx';
import { words } from '../../words.ts';

const { balance: text } = words;
const STEP = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 } } as const;
const BACK = { day: { days: -1 }, week: { days: -7 }, month: { months: -1 } } as const;

interface PeriodPickerProps {
  view: MetersView;
  firstDay: string;
  today: string;
  onChange(part: Partial<MetersView>): void;
}

function PeriodPicker({ view, firstDay, today, onChange }: PeriodPickerProps) {
  const next = addToDay(firstDay, STEP[view.period]);
  const choose = (day: string) => onChange({ day: daysOfPeriod(day, view.period).endDay > today ? null : day });
  return (
    <div class="filters">
      <div class="choices" role="group" aria-label={text.periods}>
        {PERIODS.map((period) => (
          <button key={period} type="button" aria-pressed={view.period === period} onClick={() => onChange({ period })}>
            {text.period[period]}
          </button>
        ))}
      </div>
      <div class="day-picker">
        <button type="button" class="small" onClick={() => choose(addToDay(firstDay, BACK[view.period]))}>
          ‹ {text.previous}
        </button>
        <button type="button" class="small" disabled={next > today} onClick={() => choose(next)}>
          {text.next} ›
        </button>
      </div>
    </div>
  );
}

function titleOf({ from, to, zone }: BuildingBalance): string {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const day = sayFullDay(fromMs, zone);
  return day === sayFullDay(toMs - 1, zone) ? day : sayPeriod(fromMs, toMs, zone);
}

function Body({ building, me, view, onChange }: Pick<PeriodPickerProps, 'view' | 'onChange'> & { building: Building; me: Me }) {
  const nowMs = useClock(60_000);
  const today = localDay(nowMs, building.zone);
  const { firstDay, endDay } = daysOfPeriod(view.day ?? today, view.period);
  const { data, trouble, reload } = useGrowing(`${building.id} ${firstDay} ${endDay}`, () =>
    api.readBalance({ buildingId: building.id, from: firstDay, to: endDay }),
  );
  const query = new URLSearchParams({
    from: firstDay,
    to: endDay,
    bucket: 'day',
    format: 'csv',
    ...csvQuery(),
  });
  return (
    <section class="card" aria-labelledby="balance-title">
      <div class="card-head">
        <h2 id="balance-title">{data ? titleOf(data) : text.title}</h2>
        {data && data.until !== data.to && data.slots > 0 && (
          <p class="quiet-text">{text.until(sayMoment(Date.parse(data.until), nowMs, data.zone))}</p>
        )}
      </div>
      <PeriodPicker view={view} firstDay={firstDay} today={today} onChange={onChange} />
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!data && !trouble && <Loading rows={6} />}
      {data && <BalanceFigures balance={data} />}
      {data && me.permissions.includes('reading:download') && (
        <p class="files">
          <CsvLink href={`/api/v1/buildings/${building.id}/downloads/energy?${query.toString()}`} label={text.csv} />
        </p>
      )}
    </section>
  );
}

/** The main meter against all the others. */
export function BalancePage({ me }: { me: Me }) {
  const view = metersViewIn(new URLSearchParams(useSearch()));
  const { data: buildings, chosen, trouble, reload } = useBuilding(view.buildingId);
  const change = (part: Partial<MetersView>) => navigate(`/meters/balance${metersQueryOf({ ...view, ...part })}`);
  if (trouble && !buildings) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!buildings) return <Loading rows={6} />;
  if (!chosen) return <NoBuilding me={me} />;
  return (
    <>
      <BuildingHead buildings={buildings} chosen={chosen} title={text.title} onChoose={(buildingId) => change({ buildingId })}>
        <MeterSections path="/meters/balance" buildingId={view.buildingId} />
      </BuildingHead>
      <p class="lead">{text.lead}</p>
      <Body key={chosen.id} building={chosen} me={me} view={view} onChange={change} />
    </>
  );
}
