import { useState } from 'preact/hooks';
import type { Account } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { ownZone, sayDay } from '../../format.ts';
import { words } from '../../words.ts';
import { CodesSetUp } from './codes-set-up.tsx';
import { ProofForm } from './proof-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const { codes: text } = words;
const FEW = 3;

type Step = { kind: 'rest' } | { kind: 'set-up' } | { kind: 'renew' } | { kind: 'off' } | { kind: 'codes'; codes: readonly string[] };

/** The second step of the log-in: off, being set up, or on. */
export function AccountCodes({ account, onChange }: { account: Account; onChange(): void }) {
  const [step, setStep] = useState<Step>({ kind: 'rest' });
  const rest = () => setStep({ kind: 'rest' });
  const show = ({ recoveryCodes }: { recoveryCodes: string[] }) => {
    setStep({ kind: 'codes', codes: recoveryCodes });
    onChange();
  };
  const { secondFactorSince: since, recoveryCodesLeft: left } = account;
  return (
    <section class="card form-card">
      <h2>{text.title}</h2>
      {since === null ? (
        <p class="quiet-text">{text.offText}</p>
      ) : (
        <p class="quiet-text">
          {text.onText(sayDay(Date.parse(since), ownZone()))} {text.left(left)} {left <= FEW && text.few}
        </p>
      )}
      {step.kind === 'rest' && since === null && (
        <p class="row">
          <button type="button" class="main" onClick={() => setStep({ kind: 'set-up' })}>
            {text.setUp}
          </button>
        </p>
      )}
      {step.kind === 'rest' && since !== null && (
        <p class="row">
          <button type="button" onClick={() => setStep({ kind: 'renew' })}>
            {text.renew}
          </button>
          <button type="button" onClick={() => setStep({ kind: 'off' })}>
            {text.off}
          </button>
        </p>
      )}
      {step.kind === 'set-up' && <CodesSetUp onDone={show} onCancel={rest} />}
      {step.kind === 'renew' && (
        <ProofForm
          lead={text.renewText}
          submit={text.renew}
          onSend={async (proof) => show(await api.renewRecoveryCodes(proof))}
          onCancel={rest}
        />
      )}
      {step.kind === 'off' && (
        <ProofForm
          lead={text.offAsk}
          submit={text.off}
          onSend={async (proof) => {
            await api.switchOffSecondFactor(proof);
            rest();
            onChange();
          }}
          onCancel={rest}
        />
      )}
      {step.kind === 'codes' && <RecoveryCodes codes={step.codes} onKept={rest} />}
    </section>
  );
}
