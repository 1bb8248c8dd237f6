import { useState } from 'preact/hooks';
import type { BuildingCoverage } from '../../../generated/api-client.ts';
import { placed, type CoveredMeter } from './coverage.ts';
import { sayTime } from '../../format.ts';
import { words } from '../../words.ts';
import { sayState } from './coverage-strip.tsx';

const { coverage: text } = words;

interface MissingTableProps {
  rows: readonly CoveredMeter[];
  coverage: BuildingCoverage;
}

function Rows({ rows, coverage: { from, zone } }: MissingTableProps) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={text.list}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.meters.meter}</th>
            <th scope="col">{text.from}</th>
            <th scope="col">{text.to}</th>
            <th scope="col">{text.state}</th>
          </tr>
        </thead>
        <tbody>
          {rows.flatMap((row) =>
            placed(row.runs, Date.parse(from))
              .filter(isTold)
              .map((run) => (
                <tr key={`${row.meterId} ${run.first}`}>
                  <th scope="row">
                    {row.flatName} <span class="quiet-text">{row.serial}</span>
                  </th>
                  <td>{sayTime(run.fromMs, zone)}</td>
                  <td>{sayTime(run.toMs, zone)}</td>
                  <td>{sayState(run)}</td>
                </tr>
              )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function isTold({ state }: CoveredMeter['runs'][number]): boolean {
  return state !== 'read' && state !== 'ahead';
}

/** What the strips show besides what was read, in words; made when it is opened. */
export function MissingTable({ rows, coverage }: MissingTableProps) {
  const [isOpen, setOpen] = useState(false);
  if (!rows.some(({ runs }) => runs.some(isTold))) return <p class="quiet-text all-read">{text.allRead}</p>;
  return (
    <details class="values" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.list}</summary>
      {isOpen && <Rows rows={rows} coverage={coverage} />}
    </details>
  );
}
