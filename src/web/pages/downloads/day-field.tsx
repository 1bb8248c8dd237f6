import { useId } from 'preact/hooks';

interface Props {
  type: 'date' | 'month';
  label: string;
  value: string;
  onPick(value: string): void;
}

export function DayField({ type, label, value, onPick }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} type={type as 'date'} value={value} onInput={(event) => onPick(event.currentTarget.value)} />
    </div>
  );
}
