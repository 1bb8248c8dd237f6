import { useCallback } from 'preact/hooks';
import { HEAT_DAYS, type HeatFlow, type ShownAnalysis } from './analysis-view.ts';
import type { Building } from '../../data/building.ts';
import { readHeat, type Heat, type HeatCell } from './heat.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { sayLocal, sayPower, saySlot } from '../../format.ts';
import { words } from '../../words.ts';
import { Drawing, type Ink } from './drawing.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { ValuesTable } from '../../parts/values-table.tsx';

const { analysis: text } = words;

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);
const FLOWS: readonly HeatFlow[] = ['consumption', 'production'];

function drawn({ days, cells, greatest }: Heat, flow: HeatFlow) {
  return (ink: Ink, widthPx: number) => {
    const axis = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink('ink-quiet') } };
    const series = { type: 'heatmap', itemStyle: { borderColor: ink('surface'), borderWidth: days.length > 100 ? 0 : 1 } };
    const values = (known: boolean) =>
      cells.filter(({ powerW }) => (powerW !== null) === known).map(({ day, hour, powerW }) => [day, hour, powerW ?? 0]);
    return {
      grid: { left: 48, right: 8, top: 8, bottom: 76 },
      xAxis: {
        ...axis,
        type: 'category',
        data: days.map((day) => sayLocal(day, 'short')),
        axisLabel: { ...axis.axisLabel, interval: 'auto', hideOverlap: true },
      },
      yAxis: { ...axis, type: 'category', data: HOURS, inverse: true, axisLabel: { ...axis.axisLabel, interval: 3 } },
      visualMap: [
        {
          type: 'continuous',
          seriesIndex: 0,
          min: 0,
          max: Math.max(1, greatest?.powerW ?? 1),
          orient: 'horizontal',
          left: 'center',
          bottom: 0,
          itemHeight: Math.min(240, widthPx / 3),
          calculable: false,
          text: [sayPower(greatest?.powerW ?? 0), '0'],
          textStyle: { color: ink('ink-quiet') },
          inRange: { color: [ink('raised'), ink(flow), ink('ink')] },
        },
        // What is not known has one colour.
        { show: false, seriesIndex: 1, min: 0, max: 1, inRange: { color: [ink('gap-ink'), ink('gap-ink')] } },
      ],
      tooltip: {
        renderMode: 'richText',
        backgroundColor: ink('surface'),
        borderColor: ink('line-strong'),
        textStyle: { color: ink('ink') },
        formatter: ({ value: [day, hour, power], seriesIndex }: { value: [number, number, number]; seriesIndex: number }) =>
          `${sayLocal(days[day] ?? '', 'short')}, ${HOURS[hour] ?? ''}\n${seriesIndex === 0 ? sayPower(power) : text.unknown}`,
      },
      series: [
        { ...series, data: values(true) },
        { ...series, data: values(false) },
      ],
    };
  };
}

/** The hours of each day beside one another. */
export function HeatCard({ building, mayDownload, view, change }: ShownAnalysis & { building: Building; mayDownload: boolean }) {
  const { heatDays, heatFlow } = view;
  const loaded = useGrowing(`${building.id} ${heatDays} ${heatFlow}`, () => readHeat(building, { heatDays, heatFlow }, Date.now()));
  const heat = loaded.data;
  const draw = useCallback(heat ? drawn(heat, heatFlow) : () => ({}), [heat, heatFlow]);
  const isEmpty = heat?.greatest === null;
  const most = heat?.greatest && text.heatMost(sayPower(heat.greatest.powerW), saySlot(heat.greatest.atMs, building.zone, 'both'));
  return (
    <section class="card" aria-labelledby="heat-title">
      <div class="card-head">
        <h2 id="heat-title">{text.heat}</h2>
        <p class="quiet-text">{words.profile.zone(building.zone)}</p>
      </div>
      <div class="profile-choices">
        <div class="choices" role="group" aria-label={words.range.title}>
          {HEAT_DAYS.map((days) => (
            <button key={days} type="button" aria-pressed={days === heatDays} onClick={() => change({ heatDays: days })}>
              {text.heatDays[days]}
            </button>
          ))}
        </div>
        <div class="choices" role="group" aria-label={text.heatOf}>
          {FLOWS.map((flow) => (
            <button key={flow} type="button" aria-pressed={flow === heatFlow} onClick={() => change({ heatFlow: flow })}>
              {words.profile[flow]}
            </button>
          ))}
        </div>
      </div>
      {loaded.trouble && <TroubleNotice trouble={loaded.trouble} onAgain={loaded.reload} />}
      {!heat && !loaded.trouble && <Loading rows={5} />}
      {isEmpty && <p class="quiet-text">{words.profile.empty}</p>}
      {heat && !isEmpty && (
        <>
          <Drawing label={`${text.heat}. ${most ?? ''}`} heightPx={400} drawn={draw} />
          <p class="quiet-text">{most}</p>
          {heat.cells.some(({ powerW }) => powerW === null) && <p class="quiet-text unknown-hours">{text.heatUnknown}</p>}
          <ValuesTable
            name={text.heat}
            rows={heat.cells}
            fileName={mayDownload ? `${building.name} ${heat.days[0] ?? ''} ${heat.days.at(-1) ?? ''}` : null}
            columns={[
              {
                title: words.profile.from.day,
                heading: 'day',
                shown: (c: HeatCell) => sayLocal(heat.days[c.day] ?? '', 'short'),
                filed: (c) => heat.days[c.day] ?? '',
              },
              { title: text.hour, heading: 'hour', shown: (c) => HOURS[c.hour] ?? '', filed: (c) => c.hour },
              {
                ...{ title: words.profile[heatFlow], heading: `${heatFlow}_w`, isNumber: true },
                shown: ({ powerW }) => (powerW === null ? '–' : sayPower(powerW)),
                filed: ({ powerW }) => (powerW === null ? null : Math.round(powerW)),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
