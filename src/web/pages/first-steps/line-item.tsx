import type { ConnectionTest } from '../../../generated/api-client.ts';
import { toTrouble, Trouble } from '../../data/api.ts';
import { sayNumber } from '../../format.ts';
import { sayReadTrouble } from '../../parts/read-now.tsx';
import { words } from '../../words.ts';
import { sayPlace, type Line } from './house.ts';

const {
  firstSteps: { line: text },
} = words;

/** What came of asking the other end of a line. */
export interface LineTest {
  unitId: number;
  /** Null while it is asked. */
  answer: ConnectionTest | Trouble | null;
}

export async function testLine(unitId: number, ask: () => Promise<ConnectionTest>): Promise<LineTest> {
  try {
    return { unitId, answer: await ask() };
  } catch (error) {
    return { unitId, answer: toTrouble(error) };
  }
}

function sayFailure(line: Line, unit: string, { reason, detail }: Extract<ConnectionTest, { ok: false }>): string {
  switch (reason) {
    case 'no-answer':
      return text.tests['no-answer'](unit);
    case 'line-down':
      return text.tests[line.transport === 'rtu' ? 'line-down-serial' : 'line-down'](sayPlace(line));
    case 'bad-reply':
      return text.tests['bad-reply'];
    default:
      return text.tests.other(detail === '' ? reason : detail);
  }
}

/** What must be changed before there is anything to scan. */
export function isFailed({ answer }: LineTest): boolean {
  return answer !== null && !(answer instanceof Trouble) && !answer.ok && answer.reason !== 'no-answer';
}

function Outcome({ line, test: { unitId, answer } }: { line: Line; test: LineTest }) {
  const unit = sayNumber(unitId);
  if (answer === null) return <p>{text.busy}</p>;
  if (answer instanceof Trouble) return <p class="bad-text">{sayReadTrouble(answer)}</p>;
  if (answer.ok) return <p class="good-text">{text.tests.ok(unit, sayNumber(Math.round(answer.latencyMs)))}</p>;
  return <p class={answer.reason === 'no-answer' ? '' : 'bad-text'}>{sayFailure(line, unit, answer)}</p>;
}

interface Props {
  line: Line;
  test: LineTest | undefined;
  mayChange: boolean;
  onTest(): void;
  onChange(): void;
  onScan(): void;
}

export function LineItem({ line, test, mayChange, onTest, onChange, onScan }: Props) {
  return (
    <li class="inner-card line-item" data-line={line.name}>
      <div>
        <h3>{line.name}</h3>
        <p class="quiet-text">
          {text.transports[line.transport]} · {sayPlace(line)}
        </p>
      </div>
      <div role="status" class="line-test">
        {test && <Outcome line={line} test={test} />}
      </div>
      <p class="row">
        <button type="button" class="small" aria-disabled={test?.answer === null} onClick={onTest}>
          {text.test}
        </button>
        {mayChange && (
          <button type="button" class={test && isFailed(test) ? 'small main' : 'small'} onClick={onChange}>
            {text.change}
          </button>
        )}
        <button type="button" class="small" onClick={onScan}>
          {text.scan}
        </button>
      </p>
    </li>
  );
}
