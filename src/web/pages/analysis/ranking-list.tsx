import type { EnergySources } from '../../../generated/api-client.ts';
import type { ShownAnalysis } from './analysis-view.ts';
import { rankFlats, type Ranked } from './sources.ts';
import { sayEnergy, sayEnergyPerArea } from '../../format.ts';
import { words } from '../../words.ts';
import { ValuesTable } from '../../parts/values-table.tsx';

const { analysis: text } = words;

const perArea = ({ perM2 }: Ranked) => (perM2 === null ? '–' : sayEnergyPerArea(perM2));

interface RankingListProps extends ShownAnalysis {
  sources: EnergySources;
  fileName: string | null;
}

/** The flats by what they used; the bars are beside the longest. */
export function RankingList({ sources, fileName, view: { isPerArea }, change }: RankingListProps) {
  const ranked = rankFlats(sources, isPerArea);
  const measure = (flat: Ranked) => (isPerArea ? (flat.perM2 ?? 0) : flat.consumptionWh);
  const most = Math.max(0, ...ranked.map(measure));
  if (ranked.length === 0) return <p class="quiet-text">{text.rankingEmpty}</p>;
  return (
    <>
      <div class="choices" role="group" aria-label={text.ranking}>
        {[true, false].map((isArea) => (
          <button key={String(isArea)} type="button" aria-pressed={isArea === isPerArea} onClick={() => change({ isPerArea: isArea })}>
            {isArea ? text.perArea : text.energy}
          </button>
        ))}
      </div>
      <ol class="top-flats ranking">
        {ranked.map((flat) => (
          <li key={flat.id}>
            <span class="name">{flat.name}</span>
            <span class="energy">
              <strong>{isPerArea ? perArea(flat) : sayEnergy(flat.consumptionWh)}</strong>
            </span>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${most === 0 ? 0 : (measure(flat) / most) * 100}%` }} />
            </span>
            {flat.unknownSlots > 0 && <span class="quiet-text">{words.top.atLeast}</span>}
          </li>
        ))}
      </ol>
      {isPerArea && ranked.some(({ perM2 }) => perM2 === null) && <p class="quiet-text">{text.noArea}</p>}
      <ValuesTable
        name={text.ranking}
        rows={ranked}
        fileName={fileName}
        columns={[
          { title: words.meters.flat, heading: 'flat', shown: ({ name }) => name, filed: ({ name }) => name },
          {
            ...{ title: text.energy, heading: 'energy_wh', isNumber: true },
            shown: ({ consumptionWh }) => sayEnergy(consumptionWh),
            filed: ({ consumptionWh }) => consumptionWh,
          },
          {
            ...{ title: text.perArea, heading: 'wh_per_m2', isNumber: true },
            shown: perArea,
            filed: ({ perM2 }) => (perM2 === null ? null : Math.round(perM2)),
          },
        ]}
      />
    </>
  );
}
