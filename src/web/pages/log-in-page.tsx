import { useRef, useState } from 'preact/hooks';
import { api, toTrouble, type Trouble } from '../data/api.ts';
import type { Me } from '../data/session.ts';
import { Field } from '../parts/field.tsx';
import { words } from '../words.ts';
import { EntrancePage } from './entrance-page.tsx';

const { logIn: text } = words;

type Problems = Partial<Record<'email' | 'password', string>>;

function problemsOf(email: string, password: string): Problems {
  return {
    ...(email.trim() === '' ? { email: text.emailMissing } : !/^\S+@\S+$/.test(email.trim()) ? { email: text.emailBroken } : {}),
    ...(password === '' ? { password: text.passwordMissing } : {}),
  };
}

export function LogInPage({ why, onLogIn }: { why: 'ended' | 'logged-out' | null; onLogIn(me: Me): void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async () => {
    const found = problemsOf(email, password);
    setProblems(found);
    setTrouble(null);
    const wrong = found.email ? 'email' : found.password ? 'password' : null;
    if (wrong) {
      form.current?.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus();
      return;
    }
    setBusy(true);
    try {
      onLogIn((await api.logIn({ email: email.trim(), password })).user);
    } catch (error) {
      setTrouble(toTrouble(error));
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>('[name=password]')?.select();
    }
  };

  return (
    <EntrancePage title={text.title} lead={text.lead}>
      {why && !trouble && (
        <p class="notice" role="status">
          {why === 'ended' ? text.ended : text.loggedOut}
        </p>
      )}
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble.message}
        </p>
      )}
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        <Field
          name="email"
          label={text.email}
          type="email"
          autoComplete="username"
          value={email}
          problem={problems.email}
          onInput={setEmail}
        />
        <Field
          name="password"
          label={text.password}
          type="password"
          autoComplete="current-password"
          value={password}
          problem={problems.password}
          onInput={setPassword}
        />
        <button type="submit" class="main" aria-disabled={busy}>
          {busy ? text.busy : text.submit}
        </button>
      </form>
      <p class="hint">{text.help}</p>
    </EntrancePage>
  );
}
