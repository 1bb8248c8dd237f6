import { useId } from 'preact/hooks';
import { addToDay, isDay } from '../../../domain/time-bucket.ts';
import { words } from '../../words.ts';

const { coverage: text } = words;

interface DayPickerProps {
  day: string;
  today: string;
  onChoose(day: string | null): void;
}

/** A day of the past; today is none that the address holds. */
export function DayPicker({ day, today, onChoose }: DayPickerProps) {
  const id = useId();
  const choose = (wanted: string) => onChoose(wanted >= today ? null : wanted);
  return (
    <div class="day-picker">
      <button type="button" class="small" aria-label={text.previous} onClick={() => choose(addToDay(day, { days: -1 }))}>
        ‹
      </button>
      <label class="hidden" for={id}>
        {text.day}
      </label>
      <input
        id={id}
        type="date"
        value={day}
        max={today}
        onChange={(event) => {
          if (isDay(event.currentTarget.value)) choose(event.currentTarget.value);
        }}
      />
      <button type="button" class="small" aria-label={text.next} disabled={day >= today} onClick={() => choose(addToDay(day, { days: 1 }))}>
        ›
      </button>
      <button type="button" class="small" disabled={day === today} onClick={() => onChoose(null)}>
        {text.today}
      </button>
    </div>
  );
}
