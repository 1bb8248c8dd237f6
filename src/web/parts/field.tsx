import { useId, useState } from 'preact/hooks';
import { words } from '../words.ts';

interface FieldProps {
  name: string;
  label: string;
  type: 'text' | 'email' | 'password';
  autoComplete: string;
  value: string;
  problem: string | undefined;
  hint?: string | undefined;
  /** Which keys a phone shows. */
  inputMode?: 'numeric' | 'text';
  onInput(value: string): void;
}

/** A labelled input that names its own problem; a password can be looked at, and warns of Caps Lock. */
export function Field({ name, label, type, autoComplete, value, problem, hint, inputMode, onInput }: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const isPassword = type === 'password';
  const about = [hint && `${id}-hint`, capsLock && `${id}-caps`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <input
          id={id}
          name={name}
          // Preact types the kinds of input apart; this one changes its kind.
          type={(shown ? 'text' : type) as 'text'}
          autoComplete={autoComplete}
          inputMode={inputMode}
          autoCapitalize="none"
          spellcheck={false}
          value={value}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={about || undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
          {...(isPassword && {
            onKeyUp: (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock')),
            onBlur: () => setCapsLock(false),
          })}
        />
        {isPassword && (
          <button
            type="button"
            class="quiet reveal"
            aria-pressed={shown}
            aria-label={shown ? words.logIn.hide : words.logIn.show}
            title={shown ? words.logIn.hide : words.logIn.show}
            onClick={() => setShown(!shown)}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z" />
              <circle cx="12" cy="12" r="3" />
              {shown && <path d="M4 20 20 4" />}
            </svg>
          </button>
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {capsLock && (
        <p id={`${id}-caps`} class="hint warn" role="status">
          {words.logIn.capsLock}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </div>
  );
}
