import { useEffect, useRef, useState } from 'preact/hooks';
import { useSending } from '../../data/use-sending.ts';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words.ts';
import { EntrancePage } from './entrance-page.tsx';

const { logIn: text } = words;

/** The second step of the log-in: a code of the app, or one of those that were written down. */
export function CodeForm({ onSend, onBack }: { onSend(code: string): Promise<void>; onBack(): void }) {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, trouble, send, forget } = useSending();
  const form = useRef<HTMLFormElement>(null);
  const focus = () => form.current?.querySelector<HTMLInputElement>('[name=code]')?.focus();
  useEffect(focus, [recovery]);

  const submit = async () => {
    setMissing(code.trim() === '');
    if (code.trim() === '') return focus();
    if (await send(() => onSend(code))) return;
    form.current?.querySelector<HTMLInputElement>('[name=code]')?.select();
  };
  const turn = () => {
    setRecovery(!recovery);
    setCode('');
    setMissing(false);
    forget();
  };

  return (
    <EntrancePage title={text.codeTitle} lead={recovery ? text.recoveryLead : text.codeLead}>
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble.kind === 'code-wrong' ? text.codeWrong : trouble.status === 401 ? text.wrong : trouble.message}
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
          name="code"
          label={recovery ? text.recoveryCode : text.code}
          type="text"
          autoComplete={recovery ? 'off' : 'one-time-code'}
          inputMode={recovery ? 'text' : 'numeric'}
          value={code}
          problem={missing ? text.codeMissing : undefined}
          onInput={setCode}
        />
        <button type="submit" class="main" aria-disabled={busy}>
          {busy ? text.busy : text.submit}
        </button>
      </form>
      <p class="row">
        <button type="button" class="quiet" onClick={turn}>
          {recovery ? text.toApp : text.toRecovery}
        </button>
        <button type="button" class="quiet" onClick={onBack}>
          {text.back}
        </button>
      </p>
    </EntrancePage>
  );
}
