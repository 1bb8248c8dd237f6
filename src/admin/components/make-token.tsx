import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { all, api, useAnswer } from './shared-api';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';

const PURPOSES = {
  'Read values and energy': 'building:read flat:read point:read meter:read reading:read live:read',
  'The same, and what was pushed and what is wrong':
    'building:read flat:read point:read meter:read reading:read live:read message:read incident:read',
  'Scripts of EMDC: /metric and /collect': 'meter:read reading:read meter:control line:read',
};

export function MakeToken(props: ActionProps) {
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState(PURPOSES['Read values and energy']);
  const [expiresAt, setExpiresAt] = useState('');
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const { busy, problem, data, run } = useCalledAction<{ token: string }>(props);
  const toggle = (id: number) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const more = { ...(chosen.length > 0 ? { buildings: chosen.join(' ') } : {}), ...(expiresAt ? { expiresAt } : {}) };
  return (
    <>
      <Card title={`A token for a program, with rights of ${props.record?.params.name}`}>
        <Text mb="lg">The program sends it as a bearer token. It never may more than its user.</Text>
        <Field label="Name" help="What it is for, such as ERP export.">
          <input style={FIELD} aria-label="Name" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Purpose" help="Fills in what it may; change it as you like.">
          <select
            style={{ ...FIELD, maxWidth: '100%' }}
            aria-label="Purpose"
            value={Object.values(PURPOSES).includes(permissions) ? permissions : ''}
            onChange={(event) => event.target.value && setPermissions(event.target.value)}
          >
            <option value="">Another one</option>
            {Object.entries(PURPOSES).map(([purpose, names]) => (
              <option key={purpose} value={names}>
                {purpose}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Permissions" help="Separated by blanks, such as meter:read reading:read.">
          <input
            style={{ ...FIELD, width: '100%', boxSizing: 'border-box' }}
            aria-label="Permissions"
            value={permissions}
            onChange={(event) => setPermissions(event.target.value)}
          />
        </Field>
        <Field label="Buildings" help="Only in those that are ticked; with none of them wherever its user may.">
          <div role="group" aria-label="Buildings" style={{ maxHeight: 220, overflowY: 'auto' }}>
            {(buildings.data ?? []).map((building) => (
              <label key={building.id} style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14, lineHeight: '28px' }}>
                <input type="checkbox" checked={chosen.includes(building.id)} onChange={() => toggle(building.id)} />
                {building.name}
              </label>
            ))}
          </div>
        </Field>
        <Field label="Ends" help="Empty: it does not end by itself.">
          <input style={FIELD} type="date" aria-label="Ends" value={expiresAt} onChange={(event) => setExpiresAt(event.target.value)} />
        </Field>
        <Problem sentence={problem || (buildings.trouble?.sentence ?? '')} />
        <RunButton busy={busy} label="Make token" onRun={() => void run({ name, permissions, ...more })} />
      </Card>
      {data ? <ShownOnce what="The token." text={data.token} /> : null}
    </>
  );
}
