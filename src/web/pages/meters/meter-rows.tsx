import { QUARTER_HOUR_MS } from '../../../domain/time-bucket.ts';
import type { BuildingCoverage } from '../../../generated/api-client.ts';
import { shareRead, type CoveredMeter } from './coverage.ts';
import type { Meter } from '../../data/building.ts';
import { formatShare, sayAge, sayCount, sayMoment, sayTime } from '../../format.ts';
import { words } from '../../words.ts';
import { CoverageStrip } from './coverage-strip.tsx';
import { MeterState } from '../../parts/meter-table.tsx';
import { ReadNow } from '../../parts/read-now.tsx';

const { coverage: text } = words;

export interface MeterRow extends CoveredMeter {
  /** As it is now; null where it hangs here no more. */
  live: Meter | null;
}

/** The last error in words, with its details for who may see lines. */
export function sayFailure(health: CoveredMeter['health'], nowMs: number, zone: string): string {
  if (health === null) return text.notTold;
  const { lastFailure } = health;
  if (lastFailure === null) return text.noError;
  const reason = [words.meters.reasons[lastFailure.reason] ?? lastFailure.reason, ...(lastFailure.detail ? [lastFailure.detail] : [])];
  return text.lastError(sayMoment(Date.parse(lastFailure.at), nowMs, zone), reason.join(' – '));
}

function Health({ row, nowMs, zone }: { row: MeterRow; nowMs: number; zone: string }) {
  const { health } = row;
  return (
    <p class="quiet-text health">
      {health !== null && health.latencyMedianMs !== null && (
        <span>
          {text.latency(sayCount(Math.round(health.latencyMedianMs)))}, {text.lastSlots(health.answered, health.slots)}
        </span>
      )}
      {(health === null || health.lastFailure !== null) && <span>{sayFailure(health, nowMs, zone)}</span>}
    </p>
  );
}

function Share({ runs }: Pick<MeterRow, 'runs'>) {
  const share = shareRead(runs);
  if (share === null) return <span class="share">{text.shareNone}</span>;
  // Never 100 % where something is missing.
  const { number, unit } = formatShare(share < 1 ? Math.min(share, 0.99) : 1);
  return <span class={share < 1 ? 'share lacking' : 'share'}>{text.share(`${number} ${unit}`)}</span>;
}

interface MeterRowsProps {
  rows: readonly MeterRow[];
  coverage: BuildingCoverage;
  nowMs: number;
  mayRead: boolean;
}

export function MeterRows({ rows, coverage, nowMs, mayRead }: MeterRowsProps) {
  const { zone, quarters } = coverage;
  const dayMs = Date.parse(coverage.from);
  return (
    <ul class="meter-rows">
      <li class="strip-head" aria-hidden="true">
        <span class="strip-cell">
          <span class="hours">
            {[0, 0.25, 0.5, 0.75, 1].map((part) => (
              <span key={part}>{sayTime(dayMs + Math.round(part * quarters) * QUARTER_HOUR_MS, zone)}</span>
            ))}
          </span>
        </span>
      </li>
      {rows.map((row) => (
        <li key={row.meterId} data-meter={row.serial}>
          <div class="who-cell">
            <a href={`/meters/${row.meterId}`}>{row.flatName}</a>
            <span class="serial">{row.live === null ? row.serial : `${row.serial} · ${row.live.model}`}</span>
          </div>
          <div class="state-cell">
            {row.live === null ? <span class="state">{text.gone}</span> : <MeterState meter={row.live} nowMs={nowMs} zone={zone} />}
            {row.live && (
              <span class="seen">
                {words.meters.seen}:{' '}
                {row.live.latest === null ? words.meters.never : words.power.ago(sayAge(nowMs - row.live.latest.takenAtMs))}
              </span>
            )}
          </div>
          <div class="strip-cell">
            <CoverageStrip serial={row.serial} runs={row.runs} quarters={quarters} dayMs={dayMs} zone={zone} />
            <Share runs={row.runs} />
          </div>
          <Health row={row} nowMs={nowMs} zone={zone} />
          {mayRead && row.live && !row.live.pushes && <ReadNow meterId={row.meterId} serial={row.serial} />}
        </li>
      ))}
    </ul>
  );
}
