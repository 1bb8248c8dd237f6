import { Button, Text } from '@adminjs/design-system';
import { useNotice } from 'adminjs';
import React, { useState } from 'react';
import type { ShownBillRun } from '../../generated/api-client.ts';
import { api, troubleOf } from './shared-api';
import { BOLD, money, Notice } from './shared-bill-words';
import { Card, Problem, RunButton } from './shared-parts';

type Step = 'issue' | 'discard' | null;

interface Steps {
  run: ShownBillRun;
  onDone(): void;
  onRemade(id: number): void;
}

/** What is asked before something is done that cannot be taken back. */
function Question({ run, step, onDone, onLeave }: { run: ShownBillRun; step: 'issue' | 'discard'; onDone(): void; onLeave(): void }) {
  const notice = useNotice();
  const [withMissing, setWithMissing] = useState(false);
  const [state, setState] = useState({ busy: false, problem: '' });

  async function go(): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      if (step === 'discard') {
        await api.discardBills({ billRunId: run.id });
        notice({ message: 'The open bills are gone.', type: 'success' });
      } else {
        const { issued, firstNumber } = await api.issueBills({ billRunId: run.id }, { withMissing });
        notice({ message: `Issued: bills ${firstNumber} to ${firstNumber + issued - 1}.`, type: 'success' });
      }
      onDone();
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  const isIssue = step === 'issue';
  return (
    <Card title={isIssue ? `Issue ${run.open} bills, ${money(run.total, run.currency)} together?` : `Discard ${run.open} open bills?`}>
      <Text mb="lg">
        {isIssue
          ? 'They are numbered and final from then on, and their tenants see them. What turns out wrong later is put right by a new run, whose bills ask for the difference.'
          : 'Nobody was sent them. They can be made again at any time.'}
      </Text>
      {isIssue && run.withMissing > 0 ? (
        <label style={{ display: 'flex', gap: 10, fontSize: 14, lineHeight: '20px', marginBottom: 20 }}>
          <input type="checkbox" checked={withMissing} onChange={() => setWithMissing(!withMissing)} />
          {`Issue them though of ${run.withMissing} the consumption is not known at all times. What is not known is not billed.`}
        </label>
      ) : null}
      <Problem sentence={state.problem} />
      <div style={{ display: 'flex', gap: 12 }}>
        <RunButton
          busy={state.busy}
          danger={!isIssue}
          disabled={isIssue && run.withMissing > 0 && !withMissing}
          label={isIssue ? 'Issue them' : 'Discard them'}
          onRun={() => void go()}
        />
        <Button type="button" variant="text" onClick={onLeave}>
          Not now
        </Button>
      </div>
    </Card>
  );
}

/** What its bills no longer fit, and what becomes of it. */
function Outdated({ run, onRemade }: Pick<Steps, 'run' | 'onRemade'>) {
  const [state, setState] = useState({ busy: false, problem: '' });
  if (run.outdated === null) return null;
  const changed = run.outdated === 'energy' ? 'The energy of these days' : 'Tariffs, tenancies, flats or the split';

  async function remake(): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      onRemade((await api.runBills({ buildingId: run.buildingId }, { from: run.from, to: run.to })).id);
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  return (
    <Notice tone="warning">
      <p style={{ marginBottom: 12 }}>
        <strong style={BOLD}>{`${changed} may be different since these bills were made.`}</strong>{' '}
        {run.open > 0
          ? 'Within some minutes they are made anew by themselves; until then they cannot be issued.'
          : 'What was issued stays; a new run makes bills of the difference.'}{' '}
        {run.problem}
      </p>
      <Problem sentence={state.problem} />
      <RunButton
        busy={state.busy}
        disabled={run.problem !== ''}
        label={run.open > 0 ? 'Make them anew now' : 'Make bills of the difference'}
        onRun={() => void remake()}
      />
    </Notice>
  );
}

export function RunSteps({ run, onDone, onRemade }: Steps) {
  const [step, setStep] = useState<Step>(null);
  if (run.state !== 'done' && run.state !== 'failed') return null;
  const leave = () => setStep(null);
  return (
    <>
      <Outdated run={run} onRemade={onRemade} />
      {step === null ? (
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, marginBottom: 24 }}>
          {run.open > 0 && run.outdated === null ? (
            <Button type="button" variant="contained" onClick={() => setStep('issue')} data-testid="issue">
              {`Issue ${run.open} bills …`}
            </Button>
          ) : null}
          {run.bills > 0 ? (
            <Button as="a" href={`/api/v1/bill-runs/${run.id}/file?format=xlsx`} variant="outlined">
              All in one spreadsheet
            </Button>
          ) : null}
          {run.bills > 0 ? (
            <Button as="a" href={`/api/v1/bill-runs/${run.id}/file?format=zip`} variant="outlined">
              All PDFs
            </Button>
          ) : null}
          {run.bills === run.open && run.bills > 0 ? (
            <Button type="button" variant="text" onClick={() => setStep('discard')}>
              Discard …
            </Button>
          ) : null}
        </div>
      ) : (
        <Question
          run={run}
          step={step}
          onLeave={leave}
          onDone={() => {
            leave();
            onDone();
          }}
        />
      )}
    </>
  );
}
