import { Box, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { PushSource as Source } from '../../generated/api-client.ts';
import { api, troubleOf } from './shared-api';
import { LINK, Notice } from './shared-bill-words';
import { Connection } from './shared-connection';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';
import { Step } from './shared-step';

/** By which programs ask for statistics and alarms of its meters. */
function GridZone({ sourceId, first }: { sourceId: number; first: string }) {
  const [gridZone, setGridZone] = useState(first);
  const [state, setState] = useState({ busy: false, problem: '', saved: first });
  async function save(): Promise<void> {
    setState({ ...state, busy: true, problem: '' });
    try {
      const { gridZone: saved } = await api.changePushSource({ sourceId }, { gridZone });
      setGridZone(saved);
      setState({ busy: false, problem: '', saved });
    } catch (err) {
      setState({ ...state, busy: false, problem: troubleOf(err).sentence });
    }
  }
  return (
    <Card title="Zone of the grid">
      <Field label="Zone" help="The part of the grid that its meters belong to. Empty: that of the building.">
        <input
          style={FIELD}
          aria-label="Zone of the grid"
          maxLength={80}
          value={gridZone}
          onChange={(event) => setGridZone(event.target.value)}
        />
      </Field>
      <Problem sentence={state.problem} />
      <RunButton busy={state.busy} disabled={gridZone === state.saved} label="Save the zone" onRun={() => void save()} />
    </Card>
  );
}

/** A gateway or device: how it connects, its token, on and off. */
export function PushSource({ record }: ActionProps) {
  const navigate = useNavigate();
  const params = record?.params as Source & { newest: string };
  const sourceId = Number(record?.id);
  const [active, setActive] = useState(params.active);
  const [token, setToken] = useState('');
  const building = record?.populated['buildingId']?.title ?? '';
  const what = params.kind === 'gateway' ? `Gateway of the zone ${params.reach}` : `Device ${params.reach}`;
  return (
    <Box data-testid="record-page">
      <Text style={{ fontSize: 16, marginBottom: 16, color: '#475569' }}>
        {`${what}${building ? `, ${building}` : ''}. Last message: ${params.newest}${params.newest.startsWith('None') ? '' : ' UTC'}. `}
        <Link to={`/admin/resources/messages?filters.sourceId=${sourceId}`} style={LINK}>
          Its messages
        </Link>
      </Text>
      {active ? null : <Notice tone="warning">It is switched off: whatever it sends is turned away and kept nowhere.</Notice>}
      {token ? <ShownOnce what="The new token." text={token} /> : null}
      <Card title="How it connects">
        <Connection source={params} {...(token ? { token } : {})} />
      </Card>
      <Step
        title="Renew its token"
        text="For one that is lost, or that others may know. The old token is worth nothing from then on: it is turned away until it has the new one."
        label="Renew token"
        sure="Yes, the old one ends now"
        danger
        act={async () => {
          setToken((await api.renewPushToken({ sourceId })).token);
          return 'Renewed. The new token stands above, this once.';
        }}
      />
      <Step
        key={String(active)}
        title={active ? 'Switch it off' : 'Switch it on'}
        text={
          active
            ? 'It is turned away until it is switched on again. What it has sent stays.'
            : 'It may send again, with the token that it has.'
        }
        label={active ? 'Switch off' : 'Switch on'}
        sure={active ? 'Yes, switch it off' : 'Yes, switch it on'}
        danger={active}
        act={async () => {
          setActive((await api.changePushSource({ sourceId }, { active: !active })).active);
          return '';
        }}
      />
      <GridZone sourceId={sourceId} first={params.gridZone} />
      <Step
        title="Remove"
        text="It is turned away for good. Its messages stay, but belong to no building any more: only administrators see them."
        label="Remove"
        sure="Yes, remove it"
        danger
        act={async () => {
          await api.deletePushSource({ sourceId });
          navigate('/admin/resources/push-sources');
          return 'Removed.';
        }}
      />
    </Box>
  );
}
