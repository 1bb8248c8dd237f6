import type { FlatProblem, ListedFlat } from '../../../domain/flat-list.ts';
import { sayDecimal, sayNumber } from '../../format.ts';
import { words } from '../../words.ts';

const {
  firstSteps: { flats: text },
} = words;

function sayProblem(problem: FlatProblem): string {
  switch (problem.kind) {
    case 'twice':
      return text.problems.twice(sayNumber(problem.other));
    case 'area':
    case 'flat-kind':
      return text.problems[problem.kind](problem.cell);
    case 'no-name':
    case 'long-name':
    case 'exists':
    case 'quotes':
      return text.problems[problem.kind];
  }
}

/** How the list was understood, line by line. */
export function FlatPreview({ rows }: { rows: readonly ListedFlat[] }) {
  return (
    <div class="scroll preview" tabIndex={0} role="group" aria-label={text.preview}>
      <table class="listed">
        <caption class="hidden">{text.preview}</caption>
        <thead>
          <tr>
            <th scope="col">{text.line}</th>
            <th scope="col">{text.name}</th>
            <th scope="col" class="right">
              {text.area}
            </th>
            <th scope="col">{text.kind}</th>
            <th scope="col">{text.state}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, name, areaM2, kind, problems }) => (
            <tr key={line} class={problems.length > 0 ? 'wrong' : ''} data-line={line}>
              <td class="number">{sayNumber(line)}</td>
              <th scope="row">{name || '–'}</th>
              <td class="right">{areaM2 === null ? '–' : `${sayDecimal(areaM2, 1)} m²`}</td>
              <td>{problems.some((problem) => problem.kind === 'flat-kind') ? '–' : text.kinds[kind]}</td>
              <td class="outcome">
                {problems.length === 0 ? (
                  <span class="good-text">{text.good}</span>
                ) : (
                  problems.map((problem) => (
                    <span key={problem.kind} class="bad-text line">
                      {sayProblem(problem)}
                    </span>
                  ))
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
