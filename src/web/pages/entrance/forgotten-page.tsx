import { useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { Field } from '../../parts/field.tsx';
import { followLink } from '../../router.ts';
import { words } from '../../words.ts';
import { EntrancePage } from './entrance-page.tsx';

const { forgotten: text } = words;

function ToLogIn() {
  return (
    <p class="hint" onClick={followLink}>
      <a href="/log-in">{text.toLogIn}</a>
    </p>
  );
}

/** Says the same whether somebody has the address or not. */
export function ForgottenPage() {
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<string>();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { busy, trouble, send } = useSending();

  const submit = async () => {
    const address = email.trim();
    const found = address === '' ? words.logIn.emailMissing : /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : words.logIn.emailBroken;
    setProblem(found);
    if (found === undefined && (await send(() => api.askPasswordReset({ email: address })))) setSentTo(address);
  };

  if (sentTo !== null) {
    return (
      <EntrancePage title={text.sentTitle} lead={text.sent(sentTo)}>
        <p class="hint">{text.sentHint}</p>
        <ToLogIn />
      </EntrancePage>
    );
  }
  return (
    <EntrancePage title={text.title} lead={text.lead}>
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble.status === 400 ? words.logIn.emailBroken : trouble.message}
        </p>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          name="email"
          label={words.logIn.email}
          type="email"
          autoComplete="username"
          value={email}
          problem={problem}
          onInput={setEmail}
        />
        <button type="submit" class="main" aria-disabled={busy}>
          {busy ? text.busy : text.submit}
        </button>
      </form>
      <ToLogIn />
    </EntrancePage>
  );
}
