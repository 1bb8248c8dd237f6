import { useId } from 'preact/hooks';

interface Props {
  name: string;
  label: string;
  value: string;
  problem: string | undefined;
  hint: string;
  placeholder?: string;
  onInput(value: string): void;
}

/** Like a field, for several lines. */
export function TextArea({ name, label, value, problem, hint, placeholder, onInput }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={8}
        placeholder={placeholder}
        value={value}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-hint ${id}-problem` : `${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
      {problem && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </div>
  );
}
