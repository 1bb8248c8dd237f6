import { Box, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api, troubleOf } from './shared-api';
import { Notice } from './shared-bill-words';
import { Deliveries } from './shared-deliveries';
import { Card, Field, FIELD, Problem, RunButton, ShownOnce } from './shared-parts';
import { Step } from './shared-step';
import { EventTicks, EVENT_NAMES, type WebhookEvent } from './shared-webhook-events';

function Change(props: { webhookId: number; url: string; events: WebhookEvent[]; onChanged(url: string): void }) {
  const [form, setForm] = useState({ url: props.url, events: props.events });
  const [state, setState] = useState({ busy: false, problem: '', done: false });
  async function save(): Promise<void> {
    setState({ busy: true, problem: '', done: false });
    try {
      const { url } = await api.changeWebhook({ webhookId: props.webhookId }, form);
      props.onChanged(url);
      setState({ busy: false, problem: '', done: true });
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence.replace(/^url /, 'The address '), done: false });
    }
  }
  return (
    <Card title="What it tells, and where to">
      <Field label="Address">
        <input
          style={{ ...FIELD, width: '100%', boxSizing: 'border-box' }}
          aria-label="Address"
          maxLength={500}
          value={form.url}
          onChange={(event) => setForm({ ...form, url: event.target.value })}
        />
      </Field>
      <EventTicks events={form.events} onChange={(events) => setForm({ ...form, events })} />
      <Problem sentence={state.problem} />
      {state.done ? <Text mb="lg">Saved.</Text> : null}
      <RunButton busy={state.busy} disabled={form.url === '' || form.events.length === 0} label="Save" onRun={() => void save()} />
    </Card>
  );
}

/** A webhook: what it tells, a test, its last deliveries, its secret, on and off. */
export function Webhook({ record }: ActionProps) {
  const navigate = useNavigate();
  const params = record?.params as { url: string; events: string; active: boolean; offReason: string };
  const webhookId = Number(record?.id);
  const [url, setUrl] = useState(params.url);
  const [active, setActive] = useState(params.active);
  const [secret, setSecret] = useState('');
  const [round, setRound] = useState(0);
  const building = record?.populated['buildingId']?.title ?? '';
  const events = EVENT_NAMES.filter((event) => params.events.split(',').includes(event));
  const off = ['It is switched off: nothing is told, and nothing is kept for later.', active === params.active ? params.offReason : ''];
  return (
    <Box data-testid="record-page">
      <Text style={{ fontSize: 16, marginBottom: 16, color: '#475569', overflowWrap: 'anywhere' }}>
        {`${building ? `${building} tells ` : ''}${url}`}
      </Text>
      {active ? null : <Notice tone="warning">{off.filter((part) => part !== '').join(' ')}</Notice>}
      {secret ? <ShownOnce what="The new secret." text={secret} /> : null}
      {active ? (
        <Step
          title="Send a test"
          text="A signed request with nothing in it, tried once. What came of it stands below."
          label="Send a test"
          sure="Yes, send it now"
          act={async () => {
            await api.testWebhook({ webhookId });
            setRound((before) => before + 1);
            return 'Sent: see the last deliveries.';
          }}
        />
      ) : null}
      <Deliveries webhookId={webhookId} round={round} mayResend={active} />
      <Change webhookId={webhookId} url={params.url} events={events} onChanged={setUrl} />
      <Step
        title="Renew its secret"
        text="For one that is lost, or that others may know. From then on all is signed with the new one, what waits, too."
        label="Renew secret"
        sure="Yes, the old one ends now"
        danger
        act={async () => {
          setSecret((await api.renewWebhookSecret({ webhookId })).secret);
          return 'Renewed. The new secret stands above, this once.';
        }}
      />
      <Step
        key={String(active)}
        title={active ? 'Switch it off' : 'Switch it on'}
        text={
          active
            ? 'What happens meanwhile is not told later, and what waits is given up. What was given up can be sent again.'
            : 'It is told of what happens from now on.'
        }
        label={active ? 'Switch off' : 'Switch on'}
        sure={active ? 'Yes, switch it off' : 'Yes, switch it on'}
        danger={active}
        act={async () => {
          setActive((await api.changeWebhook({ webhookId }, { active: !active })).active);
          return '';
        }}
      />
      <Step
        title="Remove"
        text="Nothing more is sent, and its deliveries are gone."
        label="Remove"
        sure="Yes, remove it"
        danger
        act={async () => {
          await api.deleteWebhook({ webhookId });
          navigate('/admin/resources/webhooks');
          return 'Removed.';
        }}
      />
    </Box>
  );
}
