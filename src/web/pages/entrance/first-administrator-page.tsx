import { useState } from 'preact/hooks';
import { api, toTrouble, type Trouble } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words.ts';
import { EntrancePage } from './entrance-page.tsx';

const { first: text } = words;
const FIELDS = ['code', 'name', 'email', 'password'] as const;
type Name = (typeof FIELDS)[number];
type Problems = Partial<Record<Name, string>>;

const LABELS: Record<Name, string> = { code: text.code, name: text.name, email: words.logIn.email, password: words.logIn.password };
const TYPES = { code: 'text', name: 'text', email: 'email', password: 'password' } as const;
const COMPLETE: Record<Name, string> = { code: 'one-time-code', name: 'name', email: 'username', password: 'new-password' };
const HINTS: Partial<Record<Name, string>> = { code: text.codeHint, password: text.passwordHint };

// The server says `is too short`; under its field it is a sentence of its own.
function problemsOf({ fields }: Trouble): Problems {
  return Object.fromEntries(
    FIELDS.flatMap((name) => {
      const problem = fields[name];
      return problem === undefined ? [] : [[name, `${LABELS[name]} ${problem.replace(/\.?$/, '.')}`]];
    }),
  );
}

export function FirstAdministratorPage({ onLogIn }: { onLogIn(me: Me): Promise<void> }) {
  const [values, setValues] = useState<Record<Name, string>>({ code: '', name: '', email: '', password: '' });
  const [problems, setProblems] = useState<Problems>({});
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    const missing = Object.fromEntries(FIELDS.filter((name) => values[name].trim() === '').map((name) => [name, text.missing]));
    setProblems(missing);
    setMessage(null);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      await onLogIn((await api.createFirstAdministrator(values)).user);
    } catch (error) {
      const trouble = toTrouble(error);
      const found = problemsOf(trouble);
      setProblems(found);
      setMessage(Object.keys(found).length > 0 ? null : trouble.message);
      setBusy(false);
    }
  };

  return (
    <EntrancePage title={text.title} lead={text.lead}>
      {message && (
        <p class="notice bad" role="alert">
          {message}
        </p>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        {FIELDS.map((name) => (
          <Field
            key={name}
            name={name}
            label={LABELS[name]}
            type={TYPES[name]}
            autoComplete={COMPLETE[name]}
            value={values[name]}
            problem={problems[name]}
            hint={HINTS[name]}
            onInput={(value) => setValues((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <button type="submit" class="main" aria-disabled={busy}>
          {busy ? text.busy : text.submit}
        </button>
      </form>
    </EntrancePage>
  );
}
