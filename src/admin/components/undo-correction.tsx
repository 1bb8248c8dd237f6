import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

export function UndoCorrection(props: ActionProps) {
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useCalledAction<unknown>(props);
  return (
    <Card title={`${props.record?.params['place']}: ${props.record?.title}`}>
      <Text mb="lg">
        The energy comes out as it was without this correction, to the watt-hour. The correction stays on record, with your name and reason.
      </Text>
      <Field label="Why is it undone?">
        <input
          style={{ ...FIELD, width: '100%', maxWidth: 560 }}
          aria-label="Why is it undone?"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <Problem sentence={problem} />
      <RunButton danger busy={busy} disabled={reason.trim() === ''} label="Undo" onRun={() => void run({ reason })} />
    </Card>
  );
}
