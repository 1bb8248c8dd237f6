import { useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { words } from '../../words.ts';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/refused.tsx';

const { account: text } = words;
const EMPTY = { currentPassword: '', newPassword: '' };
type Name = keyof typeof EMPTY;

const SENTENCES: Record<Name, string> = { currentPassword: text.passwordWrong, newPassword: words.setPassword.weak };

export function AccountPassword({ email }: { email: string }) {
  const [values, setValues] = useState(EMPTY);
  const [missing, setMissing] = useState<readonly Name[]>([]);
  const [changed, setChanged] = useState(false);
  const { busy, trouble, send } = useSending();
  const submit = async () => {
    const empty = (['currentPassword', 'newPassword'] as const).filter((name) => values[name] === '');
    setMissing(empty);
    setChanged(false);
    if (empty.length > 0 || !(await send(async () => void (await api.changeOwnPassword(values))))) return;
    setValues(EMPTY);
    setChanged(true);
  };
  const field = (name: Name, label: string, autoComplete: string, hint?: string) => (
    <Field
      name={name}
      label={label}
      type="password"
      autoComplete={autoComplete}
      value={values[name]}
      problem={missing.includes(name) ? words.logIn.passwordMissing : trouble?.fields[name] === undefined ? undefined : SENTENCES[name]}
      hint={hint}
      onInput={(value) => setValues((before) => ({ ...before, [name]: value }))}
    />
  );
  return (
    <section class="card form-card">
      <h2>{text.passwordTitle}</h2>
      <p class="quiet-text">{text.passwordHint}</p>
      <Refused trouble={trouble} known={['currentPassword', 'newPassword']} />
      {changed && (
        <p class="notice" role="status">
          {text.changed}
        </p>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {/* For password managers: whose password it is. */}
        <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
        {field('currentPassword', text.currentPassword, 'current-password')}
        {field('newPassword', text.newPassword, 'new-password', words.first.passwordHint)}
        <p class="row">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? text.saving : text.change}
          </button>
        </p>
      </form>
    </section>
  );
}
