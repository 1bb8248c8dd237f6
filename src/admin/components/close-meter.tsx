import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

export function CloseMeter(props: ActionProps) {
  const [at, setAt] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const { busy, problem, data, run } = useCalledAction<unknown>(props);
  const { record } = props;
  if (data !== null || record?.params.state === 'closed')
    return (
      <Card title="Closed">
        <Text>This meter is read no more. Its readings stay.</Text>
      </Card>
    );
  return (
    <Card title={`Close meter ${record?.params.serial}`}>
      <Text mb="lg">
        Its installation ends, and it is read no more. All its readings stay. To take it back, install it again under its serial number.
      </Text>
      <Field label="When was it taken down?" help="Empty for now.">
        <input style={FIELD} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </Field>
      <Field label="Confirm">
        <label style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14 }}>
          <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
          The meter is taken down, or somebody else reads it.
        </label>
      </Field>
      <Problem sentence={problem} />
      <RunButton
        danger
        busy={busy}
        disabled={!confirmed}
        label="Close meter"
        onRun={() => void run({ confirm: String(confirmed), ...(at ? { at: new Date(at).toISOString() } : {}) })}
      />
    </Card>
  );
}
