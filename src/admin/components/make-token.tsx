import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';

export function MakeToken(props: ActionProps) {
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState('meter:read reading:read');
  const [expiresAt, setExpiresAt] = useState('');
  const { busy, problem, data, run } = useCalledAction<{ token: string }>(props);
  return (
    <>
      <Card title={`A token for a program, with rights of ${props.record?.params.name}`}>
        <Text mb="lg">The program sends it as a bearer token. It never may more than its user.</Text>
        <Field label="Name" help="What it is for, such as ERP export.">
          <input style={FIELD} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Permissions" help="Separated by blanks, such as meter:read reading:read.">
          <input style={{ ...FIELD, width: '100%' }} value={permissions} onChange={(event) => setPermissions(event.target.value)} />
        </Field>
        <Field label="Ends" help="Empty: it does not end by itself.">
          <input style={FIELD} type="date" value={expiresAt} onChange={(event) => setExpiresAt(event.target.value)} />
        </Field>
        <Problem sentence={problem} />
        <RunButton busy={busy} label="Make token" onRun={() => void run({ name, permissions, ...(expiresAt ? { expiresAt } : {}) })} />
      </Card>
      {data ? <ShownOnce what="The token." text={data.token} /> : null}
    </>
  );
}
