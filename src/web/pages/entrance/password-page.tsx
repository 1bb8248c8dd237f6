import { useState } from 'preact/hooks';
import type { PasswordLink } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { useLoad } from '../../data/use-load.ts';
import { useSending } from '../../data/use-sending.ts';
import { Field } from '../../parts/field.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { language, words } from '../../words.ts';
import { EntrancePage } from './entrance-page.tsx';

const { setPassword: text } = words;

function Over() {
  return (
    <EntrancePage title={text.overTitle} lead={text.over}>
      <a class="button main" href="/forgotten">
        {text.again}
      </a>
    </EntrancePage>
  );
}

function Choose({ link, token }: { link: PasswordLink; token: string }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState(false);
  const { busy, trouble, send } = useSending();
  const isInvitation = link.kind === 'invitation';

  const submit = async () => {
    setProblem(password === '' ? words.logIn.passwordMissing : undefined);
    if (password === '') return;
    const set = await send(() => api.usePasswordLink({ token, password, ...(isInvitation ? { language } : {}) }));
    if (set) setDone(true);
  };

  if (done) {
    return (
      <EntrancePage title={text.doneTitle} lead={text.done}>
        <a class="button main" href="/log-in">
          {text.toLogIn}
        </a>
      </EntrancePage>
    );
  }
  if (trouble?.status === 410) return <Over />;
  const isWeak = trouble?.fields['password'] !== undefined;
  return (
    <EntrancePage
      title={isInvitation ? text.invitationTitle : text.resetTitle}
      lead={isInvitation ? text.invitationLead(link.name, link.email) : text.resetLead(link.email)}
    >
      {trouble && !isWeak && (
        <p class="notice bad" role="alert">
          {trouble.message}
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
        <input type="email" name="username" autoComplete="username" value={link.email} readOnly hidden />
        <Field
          name="password"
          label={text.password}
          type="password"
          autoComplete="new-password"
          value={password}
          problem={problem ?? (isWeak ? text.weak : undefined)}
          hint={words.first.passwordHint}
          onInput={setPassword}
        />
        <button type="submit" class="main" aria-disabled={busy}>
          {busy ? text.busy : text.submit}
        </button>
      </form>
    </EntrancePage>
  );
}

/** Where the link of a mail leads. The token stands behind the `#`, so it is in no log of a server. */
export function PasswordPage() {
  const token = location.hash.slice(1);
  const { data: link, trouble, reload } = useLoad(token, () => api.openPasswordLink({ token }));
  if (link) return <Choose link={link} token={token} />;
  if (trouble?.status === 410) return <Over />;
  return <main class="entrance">{trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading />}</main>;
}
