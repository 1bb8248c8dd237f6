import { useState } from 'preact/hooks';
import { useSending } from '../../data/use-sending.ts';
import { words } from '../../words.ts';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/refused.tsx';

const { codes: text } = words;

interface Props {
  lead: string;
  submit: string;
  onSend(proof: { password: string; code: string }): Promise<void>;
  onCancel(): void;
}

/** Password and code together, for what makes the account weaker. */
export function ProofForm({ lead, submit, onSend, onCancel }: Props) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, trouble, send } = useSending();
  const wrong = (field: string) => trouble?.fields[field] !== undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (password !== '' && code.trim() !== '') void send(() => onSend({ password, code }));
      }}
    >
      <p>{lead}</p>
      <Refused trouble={trouble} known={['password', 'code']} />
      <Field
        name="password"
        label={text.password}
        type="password"
        autoComplete="current-password"
        value={password}
        problem={tried && password === '' ? words.logIn.passwordMissing : wrong('password') ? text.passwordWrong : undefined}
        onInput={setPassword}
      />
      <Field
        name="code"
        label={text.anyCode}
        type="text"
        autoComplete="one-time-code"
        value={code}
        problem={tried && code.trim() === '' ? words.logIn.codeMissing : wrong('code') ? text.codeWrong : undefined}
        onInput={setCode}
      />
      <p class="row">
        <button type="submit" class="main" aria-disabled={busy}>
          {submit}
        </button>
        <button type="button" onClick={onCancel}>
          {text.cancel}
        </button>
      </p>
    </form>
  );
}
