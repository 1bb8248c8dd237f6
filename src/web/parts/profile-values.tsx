import { isoLocal } from '../../domain/local-stamp.ts';
import { powerW, type ProfileFlow, type ProfileSlot } from '../data/profile.ts';
import { sayPower, saySlot } from '../format.ts';
import { words } from '../words.ts';
import type { ChartContent } from './load-chart.ts';
import { ValuesTable, type Column } from './values-table.tsx';

const { profile: text } = words;

interface SeenSlot extends ProfileSlot {
  beforeW: number | null;
}

function cell(slot: ProfileSlot, of: ProfileFlow): string {
  const power = powerW(slot, of);
  if (power === null) return '–';
  return slot.state === 'estimated' ? text.about(sayPower(power)) : sayPower(power);
}

function rounded(power: number | null): number | null {
  return power === null ? null : Math.round(power);
}

function powerColumn(of: ProfileFlow, title: string, heading: string): Column<SeenSlot> {
  return { title, heading, isNumber: true, shown: (slot) => cell(slot, of), filed: (slot) => rounded(powerW(slot, of)) };
}

interface ProfileValuesProps extends Pick<ChartContent, 'profile' | 'ghost' | 'showProduction' | 'zoom'> {
  /** What the line of an earlier time is called; null while there is none. */
  ghostName: string | null;
  /** Of the file; null for whoever may not download. */
  fileName: string | null;
}

/** What the chart shows, in words and numbers: of a part of the time that part. */
export function ProfileValues({ profile, ghost, ghostName, showProduction, zoom, fileName }: ProfileValuesProps) {
  const { slots, bucket, zone } = profile;
  const isOneDay = bucket === 'quarter' && slots.length <= 100;
  const over = slots
    .map((slot, i): SeenSlot => ({ ...slot, beforeW: ghost?.[i] ?? null }))
    .filter(({ state, atMs, toMs }) => state !== 'ahead' && (!zoom || (toMs > zoom.fromMs && atMs < zoom.toMs)));
  const columns: Column<SeenSlot>[] = [
    {
      title: text.from[bucket],
      heading: 'from',
      shown: ({ atMs }) => saySlot(atMs, zone, isOneDay ? 'time' : bucket === 'day' ? 'day' : 'both'),
      filed: ({ atMs }) => isoLocal(atMs, zone),
    },
    powerColumn('consumptionWh', text.consumption, 'consumption_w'),
    ...(showProduction ? [powerColumn('productionWh', text.production, 'production_w')] : []),
    ...(ghost && ghostName !== null
      ? [
          {
            title: ghostName,
            heading: 'before_w',
            isNumber: true,
            shown: ({ beforeW }: SeenSlot) => (beforeW === null ? '–' : sayPower(beforeW)),
            filed: ({ beforeW }: SeenSlot) => rounded(beforeW),
          },
        ]
      : []),
    {
      title: text.state,
      heading: 'state',
      shown: ({ state }) => (state === 'ahead' ? '' : text.states[state]),
      filed: ({ state }) => state,
    },
  ];
  return (
    <ValuesTable name={text.values} rows={over} columns={columns} fileName={fileName}>
      {over.some(({ state }) => state === 'estimated') && <p class="quiet-text">{text.estimated}</p>}
      {over.some(({ state }) => state === 'incomplete') && <p class="quiet-text">{text.incomplete}</p>}
    </ValuesTable>
  );
}
