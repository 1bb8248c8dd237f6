import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

interface Reply {
  ok: boolean;
  latencyMs: number;
  reason?: string;
  detail: string;
}

export function TestConnection(props: ActionProps) {
  const [unitId, setUnitId] = useState('1');
  const { busy, problem, data, run } = useCalledAction<Reply>(props);
  const isLine = props.resource.id === 'lines';
  return (
    <>
      <Card>
        {isLine ? (
          <Field label="Unit id" help="The Modbus address of a meter on this line, 1 to 247.">
            <input style={FIELD} type="number" min={1} max={247} value={unitId} onChange={(event) => setUnitId(event.target.value)} />
          </Field>
        ) : (
          <Text mb="lg">Opens a connection to the line of this meter and asks one register of it.</Text>
        )}
        <Problem sentence={problem} />
        <RunButton busy={busy} label="Test connection" onRun={() => void run(isLine ? { unitId } : {})} />
      </Card>
      {data ? (
        <Card title={data.ok ? `It answered in ${Math.round(data.latencyMs)} ms` : 'It did not answer'}>
          <Text>{data.ok ? data.detail : `${data.reason}: ${data.detail}`}</Text>
        </Card>
      ) : null}
    </>
  );
}
