import { Box, Button, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { askAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';
import { Findings, type Model, type Scan } from './shared-findings';

interface Data {
  scan: Scan | null;
  models?: Model[];
}

const FOLLOW_MS = 700;
const ENDS: Record<string, string> = {
  finished: 'Every unit id of the range was asked.',
  cancelled: 'You cancelled it.',
  'too-late': 'The time it was given is over. Go on from the unit id it came to.',
  'not-here': 'The poller does not own this line yet. Try again in a few seconds.',
  'line-down': 'There is no connection.',
};

function isOver({ state }: Scan): boolean {
  return state === 'ended' || state === 'lost';
}

function Progress({ scan, onCancel }: { scan: Scan; onCancel(): void }) {
  const percent = Math.round((100 * scan.done) / scan.of);
  const doing = scan.state === 'waiting' ? 'Waiting for the poller' : `Asking unit id ${scan.unitId}`;
  const sentence = isOver(scan)
    ? scan.state === 'lost'
      ? 'The poller has said nothing for a while: it may have been stopped.'
      : (ENDS[scan.ended ?? ''] ?? '')
    : doing;
  return (
    <Card title={isOver(scan) ? `Scan of ${scan.from} to ${scan.to}` : `Scanning ${scan.from} to ${scan.to}`}>
      <div
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label="Scan"
        style={{ height: 10, borderRadius: 5, background: '#e6ebef', overflow: 'hidden' }}
      >
        <div style={{ width: `${percent}%`, height: '100%', background: '#0b6e5f', transition: 'width 400ms' }} />
      </div>
      <Box flex alignItems="center" justifyContent="space-between" mt="lg">
        <Text data-testid="scan-state">{`${sentence}${scan.detail ? ` (${scan.detail})` : ''} ${scan.done} of ${scan.of} asked, ${scan.found.length} found.`}</Text>
        {isOver(scan) ? null : (
          <Button type="button" variant="outlined" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </Box>
    </Card>
  );
}

export function ScanLine(props: ActionProps) {
  const [range, setRange] = useState({ from: '1', to: '32' });
  const [scan, setScan] = useState<Scan | null>(null);
  const [models, setModels] = useState<Model[]>([]);
  const [problem, setProblem] = useState('');
  const running = scan !== null && !isOver(scan);

  async function step(input: Record<string, string>): Promise<void> {
    const answer = await askAction<Data>(props, input);
    setProblem(answer.problem);
    if (answer.data?.scan) setScan(answer.data.scan);
    if (answer.data?.models) setModels(answer.data.models);
  }

  useEffect(() => void step({ step: 'latest' }), []);
  useEffect(() => {
    if (!running) return;
    const timer = setTimeout(() => void step({ step: 'follow', scanId: scan.id }), FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [scan]);

  return (
    <Box>
      <Card>
        <Text mb="lg">
          Asks each unit id of the range who is there, and whoever answers for what model it is. Readings that are due go first. On a serial
          bus each unit id that nobody has costs one time-out of the line.
        </Text>
        <Box flex style={{ gap: 24, flexWrap: 'wrap' }}>
          {(['from', 'to'] as const).map((name) => (
            <Field key={name} label={name === 'from' ? 'From unit id' : 'To unit id'}>
              <input
                style={FIELD}
                type="number"
                min={1}
                max={247}
                aria-label={name === 'from' ? 'From unit id' : 'To unit id'}
                value={range[name]}
                onChange={(event) => setRange({ ...range, [name]: event.target.value })}
              />
            </Field>
          ))}
        </Box>
        <Problem sentence={problem} />
        <RunButton busy={running} label={running ? 'Scanning' : 'Scan'} onRun={() => void step({ step: 'start', ...range })} />
      </Card>
      {scan ? <Progress scan={scan} onCancel={() => void step({ step: 'cancel', scanId: scan.id })} /> : null}
      {scan ? <Findings props={props} scan={scan} models={models} /> : null}
    </Box>
  );
}
