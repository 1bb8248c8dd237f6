import { Box, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ShownBillRun } from '../../generated/api-client.ts';
import { all, api, useAnswer } from './shared-api';
import { BillTable } from './shared-bill-table';
import { Figure, Figures, kwh, money, Notice, percent, sayDays, Wrong } from './shared-bill-words';
import { Card, moment } from './shared-parts';
import { RunSteps } from './shared-run-steps';

const LOOK_AGAIN_MS = 1_000;

const OVER: Partial<Record<ShownBillRun['state'], string>> = {
  replaced: 'A later run of the same days took the place of these bills.',
  discarded: 'These bills were discarded.',
};

function Progress({ run }: { run: ShownBillRun }) {
  const label = run.state === 'waiting' ? 'Waits for its turn' : `${run.progress} %`;
  return (
    <Card title="The bills are being made">
      <div style={{ height: 10, borderRadius: 5, background: '#e6ebef', overflow: 'hidden', marginBottom: 8 }}>
        <div style={{ height: 10, width: `${run.progress}%`, background: '#0b6e5f', transition: 'width .5s' }} />
      </div>
      <Text>{label}</Text>
    </Card>
  );
}

function Sums({ run }: { run: ShownBillRun }) {
  const { bills, open, firstNumber, lastNumber } = run;
  const numbers =
    firstNumber === null
      ? `bills, ${open} open`
      : firstNumber === lastNumber
        ? `bill, no. ${firstNumber}`
        : `bills, no. ${firstNumber} to ${lastNumber}`;
  return (
    <Figures>
      <Figure value={String(bills)} label={numbers} />
      <Figure value={money(run.total, run.currency)} label="together, VAT included" />
      <Figure value={kwh(run.consumptionWh)} label="used" />
      <Figure value={percent(run.ownWh, run.consumptionWh)} label="from own production" />
      <Figure value={percent(run.estimatedWh, run.consumptionWh)} label="estimated" />
    </Figures>
  );
}

function Remade({ run }: { run: ShownBillRun }) {
  if (run.remadeAt === null || run.remadeFrom === null) return null;
  const why = run.remadeFor === 'energy' ? 'energy of its days had changed' : 'tariffs, tenancies, flats or the split had changed';
  const isSame = run.remadeFrom === run.total;
  return (
    <Notice tone="info">
      {`Made anew by itself on ${moment(run.remadeAt)}, because ${why}. ${isSame ? 'The sum is the same.' : `Together they were ${money(run.remadeFrom, run.currency)} before.`}`}
    </Notice>
  );
}

/** One run: its progress, its sums, and what one does with its bills. */
export function BillRun({ record }: ActionProps) {
  const navigate = useNavigate();
  const id = Number(record?.id);
  const { data: run, trouble, again } = useAnswer(`run ${id}`, () => api.readBillRun({ billRunId: id }));
  const bills = useAnswer(run?.state === 'done' ? `bills ${id} ${run.open} ${run.remadeAt}` : null, () =>
    all((cursor) => api.listBills({ runId: id, limit: 500, ...cursor })),
  );
  const isAtWork = run?.state === 'waiting' || run?.state === 'running';
  useEffect(() => {
    if (!isAtWork) return;
    const timer = setTimeout(again, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [run]);
  if (!run) return trouble ? <Wrong sentence={trouble.sentence} /> : <Loader />;
  return (
    <Box data-testid="record-page">
      <Text style={{ fontSize: 16, marginBottom: 16, color: '#475569' }}>{sayDays(run.from, run.to)}</Text>
      {isAtWork ? <Progress run={run} /> : null}
      {run.state !== 'done' && run.problem !== '' ? <Wrong sentence={run.problem} /> : null}
      {OVER[run.state] ? <Notice tone="info">{OVER[run.state]}</Notice> : null}
      {run.state === 'done' && run.bills === 0 ? (
        <Notice tone="info">There is nothing to bill: all of these days is billed, and nothing has changed since.</Notice>
      ) : null}
      {run.bills > 0 && run.state === 'done' ? <Sums run={run} /> : null}
      <Remade run={run} />
      <RunSteps run={run} onDone={again} onRemade={(made) => navigate(`/admin/resources/bill-runs/records/${made}/show`)} />
      <Wrong sentence={bills.trouble?.sentence} />
      {bills.data && bills.data.length > 0 ? (
        <Card title="Bills">
          <BillTable bills={bills.data} />
        </Card>
      ) : null}
    </Box>
  );
}
