import type { BuildingCoverage } from '../../generated/api-client.ts';
import { placed, type CoveredMeter } from '../data/coverage.ts';
import { sayTime } from '../format.ts';
import { words } from '../words.ts';
import { sayState } from './coverage-strip.tsx';

const { coverage: text } = words;

/** What the strips show besides what was read, in words. */
export function MissingTable({ rows, coverage: { from, zone } }: { rows: readonly CoveredMeter[]; coverage: BuildingCoverage }) {
  const missing = rows.flatMap((row) =>
    placed(row.runs, Date.parse(from))
      .filter(({ state }) => state !== 'read' && state !== 'ahead')
      .map((run) => ({ row, run })),
  );
  if (missing.length === 0) return <p class="quiet-text all-read">{text.allRead}</p>;
  return (
    <details class="values">
      <summary>{text.list}</summary>
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
            {missing.map(({ row, run }) => (
              <tr key={`${row.meterId} ${run.first}`}>
                <th scope="row">
                  {row.flatName} <span class="quiet-text">{row.serial}</span>
                </th>
                <td>{sayTime(run.fromMs, zone)}</td>
                <td>{sayTime(run.toMs, zone)}</td>
                <td>{sayState(run)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
