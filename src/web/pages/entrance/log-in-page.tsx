import { useRef, useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { useSending } from '../../data/use-sending.ts';
import { Field } from '../../parts/field.tsx';
import { followLink } from '../../router.ts';
import { words } from '../../words.ts';
import { CodeForm } from './code-form.tsx';
import { EntrancePage } from './entrance-page.tsx';

const { logIn: text } = words;

type Problems = Partial<Record<'email' | 'password', string>>;

function problemsOf(email: string, password: string): Problems {
  return {
    ...(email.trim() === '' ? { email: text.emailMissing } : !/^\S+@\S+$/.test(email.trim()) ? { email: text.emailBroken } : {}),
    ...(password === '' ? { password: text.passwordMissing } : {}),
  };
}

export function LogInPage({ why, onLogIn }: { why: 'ended' | 'logged-out' | null; onLogIn(me: Me): Promise<void> }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const { busy, trouble, send, forget } = useSending();
  const form = useRef<HTMLFormElement>(null);
  const person = { email: email.trim(), password };

  const submit = async () => {
    const found = problemsOf(email, password);
    setProblems(found);
    const wrong = found.email ? 'email' : found.password ? 'password' : null;
    if (wrong) {
      form.current?.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus();
      return;
    }
    const entered = await send(async () => onLogIn((await api.logIn(person)).user));
    if (!entered) form.current?.querySelector<HTMLInputElement>('[name=password]')?.select();
  };

  // A password that is right is no trouble: a code is asked for as well.
  if (trouble?.kind === 'code-needed') {
    const back = () => {
      setPassword('');
      forget();
    };
    return <CodeForm onSend={async (code) => onLogIn((await api.logIn({ ...person, code })).user)} onBack={back} />;
  }
  return (
    <EntrancePage title={text.title} lead={text.lead}>
      {why && !trouble && (
        <p class="notice" role="status">
          {why === 'ended' ? text.ended : text.loggedOut}
        </p>
      )}
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble.status === 401 ? text.wrong : trouble.message}
        </p>
      )}
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
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
      <p class="hint" onClick={followLink}>
        <a href="/forgotten">{text.forgotten}</a>
      </p>
      <p class="hint">{text.help}</p>
    </EntrancePage>
  );
}
