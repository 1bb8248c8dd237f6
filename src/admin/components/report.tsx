import { Box, Button, Loader, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect } from 'react';
import { useNavigate } from 'react-router-dom';
import type { Report as MadeReport } from '../../generated/api-client.ts';
import { api, useAnswer } from './shared-api';
import { Notice, Wrong } from './shared-bill-words';
import { Card, moment } from './shared-parts';
import { Step } from './shared-step';

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
