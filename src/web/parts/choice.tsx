import { useId } from 'preact/hooks';

interface Props<T extends string> {
  label: string;
  value: T;
  of: readonly (readonly [value: T, label: string])[];
  hint?: string;
  onPick(value: T): void;
}

/** A labelled list of which one is chosen. */
export function Choice<T extends string>({ label, value, of, hint, onPick }: Props<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onPick(event.currentTarget.value as T)}
      >
        {of.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
