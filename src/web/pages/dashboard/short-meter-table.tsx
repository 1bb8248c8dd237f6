import type { Building, Meter } from '../../data/building.ts';
import { metersQueryOf } from '../../data/meters-view.ts';
import { words } from '../../words.ts';
import { MeterTable } from '../../parts/meter-table.tsx';

/** A house with more has those on its dashboard that do not answer, and the first ones. */
const SHORT = 40;

interface ShortMeterTableProps {
  building: Building;
  meters: readonly Meter[];
  nowMs: number;
  mayMore: boolean;
}

/** The meters on the dashboard, with the way to all that is known of them. */
export function ShortMeterTable({ building, meters, nowMs, mayMore }: ShortMeterTableProps) {
  const first = meters.length <= SHORT || !mayMore ? meters : shortened(meters);
  return (
    <MeterTable title={words.meters.title} empty={words.meters.empty} meters={first} total={meters} nowMs={nowMs} zone={building.zone}>
      {mayMore && meters.length > 0 && (
        <p class="all-meters">
          <a class="button" href={`/meters${metersQueryOf({ buildingId: building.id })}`}>
            {words.meterPages.all}
          </a>
          {first.length < meters.length && <span class="quiet-text">{words.meterPages.others(meters.length - first.length)}</span>}
        </p>
      )}
    </MeterTable>
  );
}

function shortened(meters: readonly Meter[]): Meter[] {
  const troubled = meters.filter(({ state }) => state !== 'ok');
  const others = meters.filter(({ state }) => state === 'ok');
  return [...troubled, ...others.slice(0, Math.max(0, SHORT - troubled.length))];
}
