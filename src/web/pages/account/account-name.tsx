import { useState } from 'preact/hooks';
import type { Account } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { words } from '../../words.ts';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/refused.tsx';

const { account: text } = words;

export function AccountName({ account }: { account: Account }) {
  const [name, setName] = useState(account.name);
  const [missing, setMissing] = useState(false);
  const [saved, setSaved] = useState(false);
  const { busy, trouble, send } = useSending();
  const submit = async () => {
    setMissing(name.trim() === '');
    setSaved(false);
    if (name.trim() !== '') setSaved(await send(async () => void (await api.changeAccount({ name: name.trim() }))));
  };
  return (
    <section class="card form-card">
      <h2>{text.profile}</h2>
      <dl class="facts">
        <div>
          <dt>{text.email}</dt>
          <dd>
            {account.email}
            <span class="hint">{text.emailHint}</span>
          </dd>
        </div>
        {account.roles.length > 0 && (
          <div>
            <dt>{text.roles}</dt>
            <dd>{account.roles.map((role) => text.roleNames[role] ?? role).join(', ')}</dd>
          </div>
        )}
      </dl>
      <Refused trouble={trouble} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          name="name"
          label={text.name}
          type="text"
          autoComplete="name"
          value={name}
          problem={missing ? text.nameMissing : undefined}
          onInput={setName}
        />
        <p class="row">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? text.saving : text.save}
          </button>
          <span role="status">{saved ? text.saved : ''}</span>
        </p>
      </form>
    </section>
  );
}
