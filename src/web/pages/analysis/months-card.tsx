import type { Building } from '../../data/building.ts';
import { readMonths, type MonthOfYears } from './months.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { formatChange, sayEnergy, sayMonthName } from '../../format.ts';
import { words } from '../../words.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { ValuesTable } from '../../parts/values-table.tsx';

const { analysis: text } = words;

const energy = (wh: number | null) => (wh === null ? '–' : sayEnergy(wh));

function change({ thisYearWh, forecastWh, lastYearWh }: MonthOfYears): string {
  const wh = forecastWh ?? thisYearWh;
  if (wh === null || lastYearWh === null || lastYearWh === 0) return '–';
  const { number, unit } = formatChange(wh, lastYearWh);
  return `${number} ${unit}`;
}

function Columns({ months, mostWh }: { months: readonly MonthOfYears[]; mostWh: number }) {
  const height = (wh: number | null) => ({ height: `${((wh ?? 0) / mostWh) * 100}%` });
  return (
    <div class="month-columns" aria-hidden="true">
      {months.map(({ month, thisYearWh, lastYearWh, forecastWh }) => (
        <div key={month} class="month">
          <div class="pair">
            <span class="last" style={height(lastYearWh)} title={energy(lastYearWh)} />
            <span class="this">
              {forecastWh !== null && <span class="forecast" style={height(forecastWh)} title={energy(forecastWh)} />}
              <span class="known" style={height(thisYearWh)} title={energy(thisYearWh)} />
            </span>
          </div>
          <span class="name">{sayMonthName(month, 'short')}</span>
          <span class="name narrow-name">{sayMonthName(month, 'narrow')}</span>
        </div>
      ))}
    </div>
  );
}

/** The months of this year beside those of the last. */
export function MonthsCard({ building, mayDownload }: { building: Building; mayDownload: boolean }) {
  const { data, trouble, reload } = useGrowing(building.id, () => readMonths(building, Date.now()));
  const mostWh = Math.max(0, ...(data?.months ?? []).flatMap((m) => [m.thisYearWh ?? 0, m.lastYearWh ?? 0, m.forecastWh ?? 0]));
  const running = data?.months.find(({ forecastWh }) => forecastWh !== null);
  return (
    <section class="card" aria-labelledby="months-title">
      <div class="card-head">
        <h2 id="months-title">{text.months}</h2>
        {running && running.forecastWh !== null && (
          <p class="quiet-text">{text.expected(sayMonthName(running.month, 'long'), sayEnergy(running.forecastWh))}</p>
        )}
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!data && !trouble && <Loading rows={4} />}
      {data && mostWh === 0 && <p class="quiet-text">{text.monthsEmpty}</p>}
      {data && mostWh > 0 && (
        <>
          <ul class="marks">
            <li class="this-year">{data.year}</li>
            <li class="last-year">{data.year - 1}</li>
            {running && <li class="expected">{text.forecast}</li>}
          </ul>
          <Columns months={data.months} mostWh={mostWh} />
          {running && <p class="quiet-text">{text.forecastHow}</p>}
          {data.months.some(({ isIncomplete }) => isIncomplete) && <p class="quiet-text">{text.monthsIncomplete}</p>}
          <ValuesTable
            name={text.months}
            rows={data.months}
            fileName={mayDownload ? `${building.name} ${data.year}` : null}
            columns={[
              { title: text.month, heading: 'month', shown: ({ month }) => sayMonthName(month, 'long'), filed: ({ month }) => month },
              ...(
                [
                  [String(data.year), `${data.year}_wh`, 'thisYearWh'],
                  [text.forecast, 'forecast_wh', 'forecastWh'],
                  [String(data.year - 1), `${data.year - 1}_wh`, 'lastYearWh'],
                ] as const
              ).map(([title, heading, of]) => ({
                ...{ title, heading, isNumber: true },
                shown: (row: MonthOfYears) => energy(row[of]),
                filed: (row: MonthOfYears) => row[of],
              })),
              { title: text.change, heading: 'change', isNumber: true, shown: change, filed: (row) => change(row) },
            ]}
          />
        </>
      )}
    </section>
  );
}
