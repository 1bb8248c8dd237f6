import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';

export function SetPassword(props: ActionProps) {
  const [password, setPassword] = useState('');
  const { busy, problem, data, run } = useCalledAction<{ password: string | null }>(props);
  return (
    <>
      <Card title={`Password of ${props.record?.params.name}`}>
        <Text mb="lg">The person logs in with it and can change it then. Every session of the person ends, and so does an invitation.</Text>
        <Field label="New password" help="At least 12 characters. Empty: Wattbook makes one and shows it here.">
          <input
            style={FIELD}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Problem sentence={problem} />
        <RunButton busy={busy} label={password ? 'Set password' : 'Make a password'} onRun={() => void run(password ? { password } : {})} />
      </Card>
      {data?.password ? <ShownOnce what="The new password." text={data.password} /> : null}
    </>
  );
}
