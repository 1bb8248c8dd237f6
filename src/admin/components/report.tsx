import { Box, Button, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import type { Report as MadeReport } from '../../generated/api-client.ts';
import { api, troubleOf, useAnswer } from './shared-api';
import { Notice, Wrong } from './shared-bill-words';
import { Card, moment, Problem, RunButton } from './shared-parts';

const LOOK_AGAIN_MS = 1_000;
const LATER_MS = 30_000;

function Progress({ report }: { report: MadeReport }) {
  return (
    <Card title="The file is being made">
      <div style={{ height: 10, borderRadius: 5, background: '#e6ebef', overflow: 'hidden', marginBottom: 8 }}>
        <div style={{ height: 10, width: `${report.progress}%`, background: '#0b6e5f', transition: 'width .5s' }} />
      </div>
      <Text>{report.state === 'waiting' ? report.note || 'Waits for its turn.' : `${report.progress} %`}</Text>
    </Card>
  );
}

function sizeOf(bytes: number | null): string {
  if (bytes === null) return '';
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function Ready({ report }: { report: MadeReport }) {
  return (
    <Card title="The file is ready">
      <Text mb="lg">{`${report.format.toUpperCase()}, ${sizeOf(report.bytes)}. It is kept until ${moment(report.expiresAt)}; the link works for whoever may download.`}</Text>
      {report.note ? <Notice tone="warning">{report.note}</Notice> : null}
      <Button as="a" variant="contained" href={report.href ?? ''} data-testid="download-report">
        Download
      </Button>
    </Card>
  );
}

/** What cannot be taken back is asked twice. */
function Step(props: { title: string; text: string; label: string; sure: string; danger?: boolean; act(): Promise<string> }) {
  const [state, setState] = useState({ asks: false, busy: false, problem: '', done: '' });
  async function act(): Promise<void> {
    if (!state.asks) return setState({ ...state, asks: true });
    setState({ ...state, busy: true, problem: '' });
    try {
      setState({ asks: false, busy: false, problem: '', done: await props.act() });
    } catch (err) {
      setState({ asks: false, busy: false, problem: troubleOf(err).sentence, done: '' });
    }
  }
  return (
    <Card title={props.title}>
      <Text mb="lg">{state.done || props.text}</Text>
      <Problem sentence={state.problem} />
      <div style={{ display: 'flex', gap: 12 }}>
        <RunButton
          busy={state.busy}
          danger={state.asks && props.danger === true}
          label={state.asks ? props.sure : props.label}
          onRun={() => void act()}
        />
        {state.asks ? (
          <Button type="button" variant="text" onClick={() => setState({ ...state, asks: false })}>
            No
          </Button>
        ) : null}
      </div>
    </Card>
  );
}

/** One report: how far it is, its file, and what one does with it. */
export function Report({ record }: ActionProps) {
  const navigate = useNavigate();
  const id = Number(record?.id);
  const { data: report, trouble, again } = useAnswer(`report ${id}`, () => api.readReport({ reportId: id }));
  const isAtWork = report?.state === 'waiting' || report?.state === 'running';
  useEffect(() => {
    if (!isAtWork) return;
    // A sheet that waits for energy waits for hours.
    const timer = setTimeout(again, report.note === '' ? LOOK_AGAIN_MS : LATER_MS);
    return () => clearTimeout(timer);
  }, [report]);
  if (!report) return trouble ? <Wrong sentence={trouble.sentence} /> : <Loader />;
  const isSheet = report.month !== null;
  return (
    <Box data-testid="record-page">
      <Text style={{ fontSize: 16, marginBottom: 16, color: '#475569' }}>
        {isSheet ? `Made by itself, ${moment(report.createdAt)}` : `Asked for by ${report.actor}, ${moment(report.createdAt)}`}
      </Text>
      {isAtWork ? <Progress report={report} /> : null}
      {report.state === 'done' ? <Ready report={report} /> : null}
      {report.state === 'failed' ? <Wrong sentence={report.note} /> : null}
      {report.state === 'expired' ? <Notice tone="info">The file was removed. Ask for it again with New report.</Notice> : null}
      {isSheet && report.state === 'done' ? (
        <Step
          title="Send it again"
          text="The same file goes once more to everybody who is entered at the building now."
          label="Send again"
          sure="Yes, send it again"
          act={async () => `On its way to ${(await api.sendReport({ reportId: id })).recipients}.`}
        />
      ) : null}
      {report.state === 'expired' ? null : (
        <Step
          title="Remove"
          text="The file goes at once, and its link with it. The data it was made from stays."
          label="Remove"
          sure="Yes, remove it"
          danger
          act={async () => {
            await api.deleteReport({ reportId: id });
            navigate('/admin/resources/reports');
            return 'Removed.';
          }}
        />
      )}
    </Box>
  );
}
