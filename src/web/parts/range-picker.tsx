import { useId, useState } from 'preact/hooks';
import { addToDay, localDay } from '../../domain/time-bucket.ts';
import type { HistoryRange } from '../pages/history/history-view.ts';
import { LONGEST_DAYS, type Range } from '../data/range.ts';
import { isOwnRange } from '../data/view.ts';
import { words } from '../words.ts';

const { range: text } = words;

interface OwnRangeProps {
  first: { firstDay: string; lastDay: string };
  onChoose(range: Extract<Range, { kind: 'own' }>): void;
}

function OwnRange({ first, onChoose }: OwnRangeProps) {
  const id = useId();
  const [days, setDays] = useState(first);
  const [problem, setProblem] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    const fits = isOwnRange(days.firstDay, days.lastDay);
    setProblem(fits ? '' : text.problem(LONGEST_DAYS));
    if (fits) onChoose({ kind: 'own', ...days });
  };
  const input = (name: 'firstDay' | 'lastDay') => (
    <div class="day">
      <label for={`${id}-${name}`}>{text[name]}</label>
      <input
        id={`${id}-${name}`}
        type="date"
        value={days[name]}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onInput={(event) => setDays({ ...days, [name]: event.currentTarget.value })}
      />
    </div>
  );
  return (
    <form class="own-range" noValidate onSubmit={submit}>
      {input('firstDay')}
      {input('lastDay')}
      <button type="submit">{text.show}</button>
      {problem && (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

interface RangePickerProps<Chosen extends HistoryRange> {
  range: Chosen;
  /** Those with a name, besides two days of one's own. */
  kinds: readonly Exclude<Chosen['kind'], 'own'>[];
  zone: string;
  onChoose(range: Chosen): void;
}

const NAMES: Record<Exclude<HistoryRange['kind'], 'own'>, string> = { ...text, year: words.history.year };

/** Which time is looked at. */
export function RangePicker<Chosen extends HistoryRange>({ range, kinds, zone, onChoose }: RangePickerProps<Chosen>) {
  const [isOpen, setOpen] = useState(range.kind === 'own');
  const today = localDay(Date.now(), zone);
  const own: HistoryRange = range;
  const first = own.kind === 'own' ? own : { firstDay: addToDay(today, { days: -13 }), lastDay: today };
  return (
    <div class="range">
      <div class="choices" role="group" aria-label={text.title}>
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={range.kind === kind && !isOpen}
            onClick={() => {
              setOpen(false);
              onChoose({ kind } as Chosen);
            }}
          >
            {NAMES[kind]}
          </button>
        ))}
        <button type="button" aria-pressed={isOpen} aria-expanded={isOpen} onClick={() => setOpen(true)}>
          {text.own}
        </button>
      </div>
      {isOpen && <OwnRange key={`${first.firstDay} ${first.lastDay}`} first={first} onChoose={(own) => onChoose(own as Chosen)} />}
    </div>
  );
}
