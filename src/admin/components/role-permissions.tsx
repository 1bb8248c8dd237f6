import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Problem, RunButton } from './shared-parts';

const GROUPS: React.CSSProperties = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))',
  gap: 20,
  marginBottom: 24,
};

export function RolePermissions(props: ActionProps) {
  const { busy, problem, data, run } = useCalledAction<{ all: string[]; given: string[] }>(props);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => void run(), []);
  useEffect(() => setChosen(new Set(data?.given)), [data]);

  const toggle = (name: string): void =>
    setChosen(new Set(chosen.has(name) ? [...chosen].filter((one) => one !== name) : [...chosen, name]));
  const nouns = [...new Set((data?.all ?? []).map((name) => name.split(':')[0] ?? ''))];
  return (
    <Card title={`What "${props.record?.params.name}" may do`}>
      <Text mb="lg">In force at the next request of everybody who has this role.</Text>
      <div style={GROUPS}>
        {nouns.map((noun) => (
          <fieldset key={noun} style={{ border: 0, padding: 0 }}>
            <legend style={{ fontWeight: 600, fontSize: 14, marginBottom: 6, textTransform: 'capitalize' }}>{noun}</legend>
            {(data?.all ?? [])
              .filter((name) => name.startsWith(`${noun}:`))
              .map((name) => (
                <label key={name} style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14, lineHeight: '26px' }}>
                  <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
                  {name.slice(noun.length + 1)}
                </label>
              ))}
          </fieldset>
        ))}
      </div>
      <Problem sentence={problem} />
      <RunButton busy={busy} disabled={!data} label="Save" onRun={() => void run({ save: 'true', permissions: [...chosen].join(' ') })} />
    </Card>
  );
}
