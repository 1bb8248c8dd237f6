import type { FlowEnd, PowerFlow } from './power-flow.ts';
import { sayPower } from '../../format.ts';
import { CsvButton, type CsvColumn } from '../../parts/csv.tsx';
import { words } from '../../words.ts';

const { flow: text } = words;

/** Less than this does not move on the screen. */
const STILL_W = 0.5;

function nameOf({ kind, name }: FlowEnd): string {
  return kind === 'producer' ? name : text.kinds[kind];
}

function isMoving({ powerW }: FlowEnd): boolean {
  return powerW !== null && Math.abs(powerW) >= STILL_W;
}

interface WiresProps {
  ends: readonly FlowEnd[];
  /** The side on which the building is. */
  towards: 'left' | 'right';
  greatestW: number;
}

/** One wire per end, as thick and as quick as its power is. */
function Wires({ ends, towards, greatestW }: WiresProps) {
  return (
    <svg class="wires" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {ends.map((end, i) => {
        const y = ((i + 0.5) / ends.length) * 100;
        const path = towards === 'right' ? `M0,${y} C55,${y} 45,50 100,50` : `M0,50 C55,50 45,${y} 100,${y}`;
        const share = Math.min(1, Math.abs(end.powerW ?? 0) / greatestW);
        const state = end.powerW === null ? 'unknown' : isMoving(end) ? (end.powerW < 0 ? 'back' : 'on') : 'still';
        return (
          <g key={end.key} class={`wire ${end.kind} ${state}`}>
            <path class="lead" d={path} style={{ strokeWidth: `${1.5 + 3.5 * share}px` }} />
            {isMoving(end) && (
              <path
                class="stream"
                d={path}
                style={{ strokeWidth: `${2.5 + 3.5 * share}px`, animationDuration: `${(3.2 - 2.4 * share).toFixed(1)}s` }}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}

function Ends({ ends, title }: { ends: readonly FlowEnd[]; title: string }) {
  return (
    <ul class="ends" aria-label={title}>
      {ends.map((end) => (
        <li key={end.key} class={end.kind}>
          <span class="name">{nameOf(end)}</span>
          <strong>{end.powerW === null ? '–' : sayPower(Math.abs(end.powerW))}</strong>
          {end.powerW !== null && end.powerW <= -STILL_W && <span class="quiet-text">{text.back[end.kind]}</span>}
        </li>
      ))}
    </ul>
  );
}

const COLUMNS: CsvColumn<FlowEnd>[] = [
  { heading: 'end', filed: nameOf },
  { heading: 'kind', filed: ({ kind }) => kind },
  { heading: 'power_w', filed: ({ powerW }) => (powerW === null ? null : Math.round(powerW)) },
];

/** Where the power comes from and where it goes, as it happens. */
export function PowerFlowPicture({ flow: { sources, uses }, fileName }: { flow: PowerFlow; fileName: string | null }) {
  if (sources.length === 0 || uses.length === 0) return null;
  const greatestW = Math.max(1, ...[...sources, ...uses].map(({ powerW }) => Math.abs(powerW ?? 0)));
  return (
    <section class="card" aria-labelledby="flow-title">
      <div class="card-head">
        <h2 id="flow-title">{text.title}</h2>
      </div>
      <div class="flow">
        <Ends ends={sources} title={text.sources} />
        <Wires ends={sources} towards="right" greatestW={greatestW} />
        <svg class="hub" viewBox="0 0 48 48" aria-hidden="true">
          <circle cx="24" cy="24" r="23" />
          <path d="M12 24.5 24 14l12 10.5M15.5 22v12.5h17V22M22 34.5v-7h4v7" />
        </svg>
        <Wires ends={uses} towards="left" greatestW={greatestW} />
        <Ends ends={uses} title={text.uses} />
      </div>
      {fileName !== null && <CsvButton name={fileName} rows={[...sources, ...uses]} columns={COLUMNS} />}
    </section>
  );
}
