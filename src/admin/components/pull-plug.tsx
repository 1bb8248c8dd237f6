import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

const BEHAVIOURS = [
  { value: 'silent', label: 'Silent: the plug is pulled' },
  { value: 'latency', label: 'Slow: answers after 3 seconds' },
  { value: 'exception', label: 'Refuses: answers with an exception' },
  { value: 'garbage', label: 'Garbage: answers with noise' },
  { value: 'normal', label: 'Normal: the plug is in' },
];

export function PullPlug(props: ActionProps) {
  const [behaviour, setBehaviour] = useState('silent');
  const { busy, problem, run } = useCalledAction<unknown>(props);
  return (
    <Card title="What should this virtual meter do?">
      <Text mb="lg">Only meters of the demo have a plug to pull. Watch what happens: gaps with a reason, an incident, one mail.</Text>
      <Field label="From now on">
        <select style={FIELD} value={behaviour} onChange={(event) => setBehaviour(event.target.value)}>
          {BEHAVIOURS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Problem sentence={problem} />
      <RunButton
        busy={busy}
        danger={behaviour !== 'normal'}
        label={behaviour === 'normal' ? 'Put the plug in' : 'Do it'}
        onRun={() => void run({ behaviour })}
      />
    </Card>
  );
}
