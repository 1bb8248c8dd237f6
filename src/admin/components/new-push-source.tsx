import { Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import type { CreatedPushSource } from '../../generated/api-client.ts';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { LINK } from './shared-bill-words';
import { Connection } from './shared-connection';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';

type Kind = 'gateway' | 'device';

const KINDS: Record<Kind, { label: string; help: string; reach: string; reachHelp: string }> = {
  gateway: {
    label: 'Gateway: it sends for many meters',
    help: 'It may publish on all topics of one zone, and tells of meters of its building only.',
    reach: 'Zone',
    reachHelp: 'The first part of its topics, such as E for E/1/3614BBBK4274/erp/E.',
  },
  device: {
    label: 'Device: it sends its own values',
    help: 'A sensor or program with one device_id. It may publish its own measurements and nothing else.',
    reach: 'Name of the device',
    reachHelp: 'Its device_id, such as 5c2494a3-1140-4c7a-991a-a1a2561c6bc2.',
  },
};

/** Makes one, and shows its token this once. */
export function NewPushSource() {
  const [form, setForm] = useState({ buildingId: 0, kind: 'gateway' as Kind, name: '', reach: '', gridZone: '' });
  const [state, setState] = useState({ busy: false, problem: '' });
  const [made, setMade] = useState<CreatedPushSource | null>(null);
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const [first] = buildings.data ?? [];
  useEffect(() => {
    if (first) setForm((before) => ({ ...before, buildingId: first.id }));
  }, [first?.id]);
  const change = (more: Partial<typeof form>) => setForm({ ...form, ...more });

  async function run(): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      setMade(await api.createPushSource(form));
    } catch (err) {
      const { sentence, fields } = troubleOf(err);
      const wrong = Object.entries(fields).map(
        ([field, problem]) => `${{ name: 'User name', reach: KINDS[form.kind].reach }[field] ?? field} ${problem}`,
      );
      setState({ busy: false, problem: wrong.length > 0 ? wrong.join('. ') : sentence });
    }
  }

  if (buildings.data?.length === 0) return <Card>There is no building yet that somebody could push for. Make a building first.</Card>;
  if (made) {
    return (
      <>
        <ShownOnce what={`The token of ${made.name}: its password at the broker, and its bearer token by HTTP.`} text={made.token} />
        <Card title="How it connects">
          <Connection source={made} token={made.token} />
          <Text>
            What comes stands under{' '}
            <Link to="/admin/resources/messages" style={LINK}>
              Messages
            </Link>
            ; meters that nobody knows yet wait under{' '}
            <Link to="/admin/pages/senders" style={LINK}>
              Unknown senders
            </Link>
            .
          </Text>
        </Card>
      </>
    );
  }
  const { help, reach, reachHelp } = KINDS[form.kind];
  return (
    <Card title="Let a gateway or device push">
      <Text mb="lg">
        It gets a user name and a token of its own: for the MQTT broker and for POST /api/v1/ingest. It can do nothing else with them.
      </Text>
      <Field label="Building" help="Only meters of this building are told of.">
        <select
          style={FIELD}
          aria-label="Building"
          value={form.buildingId}
          onChange={(event) => change({ buildingId: Number(event.target.value) })}
        >
          {(buildings.data ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field label="What it is" help={help}>
        <select
          style={{ ...FIELD, maxWidth: '100%' }}
          aria-label="What it is"
          value={form.kind}
          onChange={(event) => change({ kind: event.target.value as Kind })}
        >
          {(Object.keys(KINDS) as Kind[]).map((kind) => (
            <option key={kind} value={kind}>
              {KINDS[kind].label}
            </option>
          ))}
        </select>
      </Field>
      <Field label="User name" help="At the broker: letters, digits and . _ : - only, such as gateway-cellar.">
        <input
          style={FIELD}
          aria-label="User name"
          maxLength={80}
          value={form.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field label={reach} help={reachHelp}>
        <input
          style={FIELD}
          aria-label={reach}
          maxLength={80}
          value={form.reach}
          onChange={(event) => change({ reach: event.target.value })}
        />
      </Field>
      <Field label="Zone of the grid" help="The part of the grid that its meters belong to. Empty: that of the building.">
        <input
          style={FIELD}
          aria-label="Zone of the grid"
          maxLength={80}
          value={form.gridZone}
          onChange={(event) => change({ gridZone: event.target.value })}
        />
      </Field>
      <Problem sentence={state.problem} />
      <RunButton
        busy={state.busy}
        disabled={form.buildingId === 0 || form.name === '' || form.reach === ''}
        label="Make it and show its token"
        onRun={() => void run()}
      />
    </Card>
  );
}
