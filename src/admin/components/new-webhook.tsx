import { Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import type { CreatedWebhook } from '../../generated/api-client.ts';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { LINK } from './shared-bill-words';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';
import { EventTicks, type WebhookEvent } from './shared-webhook-events';

/** Makes one, and shows its secret this once. */
export function NewWebhook() {
  const [form, setForm] = useState({ buildingId: 0, url: '', events: ['incident.opened', 'incident.closed'] as WebhookEvent[] });
  const [state, setState] = useState({ busy: false, problem: '' });
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const [first] = buildings.data ?? [];
  useEffect(() => {
    if (first) setForm((before) => ({ ...before, buildingId: first.id }));
  }, [first?.id]);
  const change = (more: Partial<typeof form>) => setForm({ ...form, ...more });

  async function run(): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      setMade(await api.createWebhook(form));
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence.replace(/^url /, 'The address ') });
    }
  }

  if (buildings.data?.length === 0) return <Card>There is no building yet that could tell anything. Make a building first.</Card>;
  if (made) {
    return (
      <>
        <ShownOnce what="The secret that its signatures are checked with." text={made.secret} />
        <Card title="What comes">
          <Text mb="lg">
            Each request is a POST with JSON, signed as Standard Webhooks 1.0.0 has it (webhook-id, webhook-timestamp, webhook-signature).
            An answer from 200 to 299 within 10 seconds takes it; otherwise it comes again for about a day, with the same webhook-id.
            docs/webhooks.md has all of it, with a check in Node and Python.
          </Text>
          <Link to={`/admin/resources/webhooks/records/${made.id}/show`} style={LINK}>
            Send a test, and see what comes of it
          </Link>
        </Card>
      </>
    );
  }
  return (
    <Card title="Tell an address what happens">
      <Field label="Building" help="It tells of this building only.">
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
      <Field
        label="Address"
        help="With https, such as https://erp.example/wattbook. Addresses of the own network are refused unless the operator has named it (WEBHOOK_NETWORKS)."
      >
        <input
          style={{ ...FIELD, width: '100%', boxSizing: 'border-box' }}
          aria-label="Address"
          maxLength={500}
          value={form.url}
          onChange={(event) => change({ url: event.target.value })}
        />
      </Field>
      <EventTicks events={form.events} onChange={(events) => change({ events })} />
      <Problem sentence={state.problem} />
      <RunButton
        busy={state.busy}
        disabled={form.buildingId === 0 || form.url === '' || form.events.length === 0}
        label="Make it and show its secret"
        onRun={() => void run()}
      />
    </Card>
  );
}
