import { useState } from 'preact/hooks';
import { QUARTER_HOUR_MS } from '../../../domain/time-bucket.ts';
import { countsOf, placed, type CoveredMeter, type PlacedRun } from './coverage.ts';
import { sayTime } from '../../format.ts';
import { words } from '../../words.ts';

const { coverage: text } = words;

export function sayState({ state, reason }: Pick<PlacedRun, 'state' | 'reason'>): string {
  const why = reason === null ? (state === 'gap' ? text.unknownReason : null) : (words.meters.reasons[reason] ?? reason);
  return why === null ? text.states[state] : `${text.states[state]}, ${why}`;
}

/** The day in words: how much of each state. */
function sayDay(runs: CoveredMeter['runs']): string {
  return text.summary(
    countsOf(runs)
      .map(({ state, count }) => `${text.quarters(count)} ${text.states[state]}`)
      .join('; '),
  );
}

interface CoverageStripProps {
  serial: string;
  runs: CoveredMeter['runs'];
  quarters: number;
  /** When the first quarter hour begins. */
  dayMs: number;
  zone: string;
}

/** A day of a meter in its quarter hours; each one is told under the pointer, or with the arrow keys. */
export function CoverageStrip({ serial, runs, quarters, dayMs, zone }: CoverageStripProps) {
  const [number, setNumber] = useState<number | null>(null);
  const parts = placed(runs, dayMs);
  const sayCell = (at: number) => {
    const fromMs = dayMs + at * QUARTER_HOUR_MS;
    const run = parts.findLast(({ first }) => first <= at)!;
    return text.cell(sayTime(fromMs, zone), sayTime(fromMs + QUARTER_HOUR_MS, zone), sayState(run));
  };
  const move = (event: KeyboardEvent) => {
    const at = number ?? 0;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: quarters - 1, PageDown: at + 4, PageUp: at - 4 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setNumber(Math.min(quarters - 1, Math.max(0, to)));
  };
  const point = (event: PointerEvent) => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setNumber(Math.min(quarters - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * quarters))));
  };
  return (
    <div class="strip-box">
      <div
        class="strip"
        role="slider"
        tabIndex={0}
        aria-label={text.strip(serial)}
        aria-valuemin={1}
        aria-valuemax={quarters}
        aria-valuenow={(number ?? 0) + 1}
        aria-valuetext={number === null ? sayDay(runs) : sayCell(number)}
        style={{ '--quarters': quarters }}
        onKeyDown={move}
        onFocus={() => setNumber((at) => at ?? 0)}
        onBlur={() => setNumber(null)}
        onPointerMove={point}
        onPointerLeave={() => setNumber(null)}
      >
        {parts.map(({ first, state, count }) => (
          <span key={first} class={`cell ${state}`} style={{ flexGrow: count }} />
        ))}
        {number !== null && <span class="pointed" style={{ left: `${((number + 0.5) / quarters) * 100}%` }} />}
      </div>
      {number !== null && (
        <p class="tip" aria-hidden="true" style={{ '--at': `${((number + 0.5) / quarters) * 100}%` }}>
          {sayCell(number)}
        </p>
      )}
    </div>
  );
}

/** What the colours mean. */
export function CoverageLegend() {
  return (
    <ul class="strip-legend" aria-label={text.legend}>
      {(['read', 'partial', 'estimated', 'gap', 'ahead', 'absent'] as const).map((state) => (
        <li key={state}>
          <span class={`cell ${state}`} aria-hidden="true" />
          {text.states[state]}
        </li>
      ))}
    </ul>
  );
}
