import { useCallback } from 'preact/hooks';
import type { EnergySources } from '../../../generated/api-client.ts';
import { diagramOf, type Diagram } from './sources.ts';
import { formatShare, sayEnergy } from '../../format.ts';
import { words } from '../../words.ts';
import { Drawing, type Ink } from './drawing.tsx';
import { ValuesTable } from '../../parts/values-table.tsx';

const { analysis: text } = words;

const NARROW_PX = 600;
const ROW_PX = 30;

function drawn({ nodes, links }: Diagram) {
  return (ink: Ink, widthPx: number) => {
    const isNarrow = widthPx < NARROW_PX;
    return {
      tooltip: {
        renderMode: 'richText',
        backgroundColor: ink('surface'),
        borderColor: ink('line-strong'),
        textStyle: { color: ink('ink') },
        formatter: ({ name, value, data }: { name: string; value: number; data: { source?: string; target?: string } }) =>
          `${data.source === undefined ? name : `${data.source} → ${data.target ?? ''}`}\n${sayEnergy(value)}`,
      },
      series: {
        type: 'sankey',
        ...{ left: 0, right: isNarrow ? 130 : 230, top: 8, bottom: 8, nodeGap: 8, nodeWidth: 12, draggable: false },
        emphasis: { focus: 'adjacency' },
        label: { color: ink('ink'), width: isNarrow ? 120 : 220, overflow: 'truncate', fontSize: 13 },
        lineStyle: { color: 'source', opacity: 0.3, curveness: 0.5 },
        data: nodes.map(({ name, tone }) => ({ name, itemStyle: { color: ink(tone), borderWidth: 0 } })),
        links: links.map(({ from, to, wh }) => ({ source: from, target: to, value: wh })),
      },
    };
  };
}

const share = (wh: number, of: number) => {
  const { number, unit } = formatShare(of === 0 ? 0 : wh / of);
  return `${number} ${unit}`;
};

/** Where the energy of a month came from and where it went. */
export function SourcesDiagram({ sources, fileName }: { sources: EnergySources; fileName: string | null }) {
  const diagram = diagramOf(sources, { grid: text.fromGrid, elsewhere: text.elsewhere, others: text.others });
  const draw = useCallback(drawn(diagram), [sources]);
  const ends = Math.max(new Set(diagram.links.map(({ to }) => to)).size, 6);
  const consumptionWh = sources.flats.reduce((sum, flat) => sum + (flat.consumptionWh ?? 0), 0);
  const ownWh = sources.producers.reduce((sum, { usedWh }) => sum + usedWh, 0);
  const producedWh = sources.producers.reduce((sum, producer) => sum + (producer.producedWh ?? 0), 0);
  const summary = [
    ...(consumptionWh > 0 ? [text.sufficiency(share(ownWh, consumptionWh))] : []),
    ...(producedWh > 0 ? [text.ownUse(share(ownWh, producedWh))] : []),
  ].join(' ');
  if (diagram.links.length === 0) return <p class="quiet-text">{text.sourcesEmpty}</p>;
  return (
    <>
      <p class="quiet-text">{summary}</p>
      <Drawing label={`${text.sources}. ${summary}`} heightPx={ends * ROW_PX + 40} drawn={draw} />
      <ValuesTable
        name={text.sources}
        rows={diagram.links}
        fileName={fileName}
        columns={[
          { title: text.from, heading: 'from', shown: ({ from }) => from, filed: ({ from }) => from },
          { title: text.to, heading: 'to', shown: ({ to }) => to, filed: ({ to }) => to },
          { title: text.energy, heading: 'energy_wh', isNumber: true, shown: ({ wh }) => sayEnergy(wh), filed: ({ wh }) => wh },
        ]}
      />
    </>
  );
}
