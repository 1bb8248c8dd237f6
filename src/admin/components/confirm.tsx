import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Problem, RunButton } from './shared-parts';

const QUESTIONS: Record<string, { text: string; label: string; done: string; danger: boolean }> = {
  acknowledge: {
    text: 'Others see then that somebody looks after it. It closes by itself when its cause is gone.',
    label: 'Acknowledge',
    done: 'Acknowledged.',
    danger: false,
  },
  revoke: {
    text: 'The program that uses this token is locked out at once. It cannot be taken back.',
    label: 'Revoke token',
    done: 'Revoked.',
    danger: true,
  },
  invite: {
    text: 'The person gets a mail with a new link to choose a password, for seven days. The link of before opens nothing then.',
    label: 'Send the invitation',
    done: 'Sent.',
    danger: false,
  },
  switchOffCodes: {
    text: 'For somebody who lost phone and recovery codes. The password alone opens the account then, until the person sets codes up again. Make sure that it is really the person who asks.',
    label: 'Switch off codes',
    done: 'Switched off.',
    danger: true,
  },
  forgetHoles: {
    text: 'The registers that this meter was found to refuse are asked again at its next reading. What it still refuses is learned anew.',
    label: 'Forget holes',
    done: 'Forgotten.',
    danger: false,
  },
  removeDemo: {
    text: 'The demo building goes with its flats, meters, readings and log-ins. It cannot be taken back.',
    label: 'Remove the demo',
    done: 'The demo is removed.',
    danger: true,
  },
};

export function Confirm(props: ActionProps) {
  const { busy, problem, data, run } = useCalledAction<{ done: true }>(props);
  const question = QUESTIONS[props.action.name];
  if (!question) return null;
  return (
    <Card title={props.record?.title}>
      <Text mb="lg">{data ? question.done : question.text}</Text>
      <Problem sentence={problem} />
      {data ? null : <RunButton busy={busy} danger={question.danger} label={question.label} onRun={() => void run()} />}
    </Card>
  );
}
