import { useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { words } from '../../words.ts';
import { Field } from '../../parts/field.tsx';
import { QrCode } from './qr-code.tsx';
import { Refused } from '../../parts/refused.tsx';

const { codes: text } = words;

interface Props {
  onDone(answer: { recoveryCodes: string[] }): void;
  onCancel(): void;
}

/** First the password, then the secret as picture and text, and a code that shows that the app has it. */
export function CodesSetUp({ onDone, onCancel }: Props) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [secret, setSecret] = useState<{ secret: string; uri: string } | null>(null);
  const { busy, trouble, send } = useSending();
  const value = secret ? code.trim() : password;

  const submit = async () => {
    setTried(true);
    if (value === '') return;
    if (secret) return send(async () => onDone(await api.confirmSecondFactor({ code })));
    if (await send(async () => setSecret(await api.setUpSecondFactor({ password })))) setTried(false);
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Refused trouble={trouble} known={['password', 'code']} />
      {secret ? (
        <>
          <p>{text.scan}</p>
          <QrCode text={secret.uri} label={text.picture} />
          <p>
            {text.byHand} <code class="secret">{secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          </p>
          <Field
            name="code"
            label={text.code}
            type="text"
            autoComplete="one-time-code"
            inputMode="numeric"
            value={code}
            problem={tried && value === '' ? words.logIn.codeMissing : trouble?.fields['code'] === undefined ? undefined : text.codeWrong}
            onInput={setCode}
          />
        </>
      ) : (
        <Field
          name="password"
          label={text.password}
          type="password"
          autoComplete="current-password"
          value={password}
          problem={
            tried && value === '' ? words.logIn.passwordMissing : trouble?.fields['password'] === undefined ? undefined : text.passwordWrong
          }
          onInput={setPassword}
        />
      )}
      <p class="row">
        <button type="submit" class="main" aria-disabled={busy}>
          {secret ? text.confirm : text.goOn}
        </button>
        <button type="button" onClick={onCancel}>
          {text.cancel}
        </button>
      </p>
    </form>
  );
}
