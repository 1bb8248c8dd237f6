import type { BuildingDay } from '../../../generated/api-client.ts';
import { formatShare, sayEnergy } from '../../format.ts';
import { CsvButton, type CsvColumn } from '../../parts/csv.tsx';
import { words } from '../../words.ts';

const { top: text } = words;

function sayShare(share: number): string {
  const { number, unit } = formatShare(share);
  return `${number} ${unit}`;
}

const COLUMNS: CsvColumn<BuildingDay['topFlats'][number]>[] = [
  { heading: 'flat', filed: ({ name }) => name },
  { heading: 'consumption_wh', filed: ({ consumptionWh }) => consumptionWh },
  { heading: 'incomplete_slots', filed: ({ incompleteSlots }) => incompleteSlots },
];

/** Who uses most; the bars are beside the longest. */
export function TopFlats({ day: { topFlats, consumptionWh }, fileName }: { day: BuildingDay; fileName: string | null }) {
  const mostWh = topFlats[0]?.consumptionWh ?? 0;
  const sumWh = topFlats.reduce((sum, flat) => sum + flat.consumptionWh, 0);
  return (
    <section class="card" aria-labelledby="top-title">
      <div class="card-head">
        <h2 id="top-title">{text.title}</h2>
        {topFlats.length > 0 && consumptionWh !== null && <p class="quiet-text">{text.lead(sayShare(sumWh / consumptionWh))}</p>}
      </div>
      {topFlats.length === 0 ? (
        <p class="quiet-text">{text.empty}</p>
      ) : (
        <ol class="top-flats">
          {topFlats.map(({ flatId, name, consumptionWh: usedWh, incompleteSlots }) => (
            <li key={flatId}>
              <span class="name">{name}</span>
              <span class="energy">
                <strong>{sayEnergy(usedWh)}</strong>
                {consumptionWh !== null && <span class="share"> {sayShare(usedWh / consumptionWh)}</span>}
              </span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(usedWh / mostWh) * 100}%` }} />
              </span>
              {incompleteSlots > 0 && <span class="quiet-text">{text.atLeast}</span>}
            </li>
          ))}
        </ol>
      )}
      {topFlats.length > 0 && fileName !== null && <CsvButton name={fileName} rows={topFlats} columns={COLUMNS} />}
    </section>
  );
}
