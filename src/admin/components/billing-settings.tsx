import { Loader, Text } from '@adminjs/design-system';
import { useNotice, type ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import type { Billing } from '../../generated/api-client.ts';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { Card, CELL, Field, FIELD, HEAD, NUMBER, Problem, RunButton, TABLE } from './shared-parts';

type Form = Pick<Billing, 'kind' | 'surplus' | 'sender' | 'remark'> & { shares: Record<string, string> };

interface Flat {
  id: number;
  name: string;
}

const RULES: Record<Billing['kind'], { label: string; help: string }> = {
  proportional: {
    label: 'In proportion to what each flat uses',
    help: 'Quarter hour by quarter hour: who uses more just then has more of what is made just then.',
  },
  shares: {
    label: 'By fixed shares',
    help: 'Each flat has its part of each producer, whoever uses how much. The shares of a producer are at most 100 % together.',
  },
  capped: {
    label: 'By the part of the whole period, with a cap',
    help: 'Each flat has the part that it uses of all in the period, and never more than it uses in the quarter hour.',
  },
};

const WIDE: React.CSSProperties = { ...FIELD, width: '100%', maxWidth: 560, boxSizing: 'border-box' };
const keyOf = (flatId: number, producerId: number) => `${flatId} ${producerId}`;

function Shares({
  form,
  users,
  producers,
  onChange,
}: {
  form: Form;
  users: Flat[];
  producers: Flat[];
  onChange(shares: Form['shares']): void;
}) {
  const sum = (producerId: number) =>
    users.reduce((total, { id }) => total + (Number((form.shares[keyOf(id, producerId)] ?? '').replace(',', '.')) || 0), 0);
  return (
    <div style={{ overflowX: 'auto', marginBottom: 20 }}>
      <table style={{ ...TABLE, width: 'auto' }}>
        <thead>
          <tr>
            <th style={HEAD}>Flat</th>
            {producers.map(({ id, name }) => (
              <th key={id} style={{ ...HEAD, textAlign: 'right' }}>{`${name} (%)`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {users.map((flat) => (
            <tr key={flat.id}>
              <td style={CELL}>{flat.name}</td>
              {producers.map((producer) => {
                const key = keyOf(flat.id, producer.id);
                return (
                  <td key={producer.id} style={NUMBER}>
                    <input
                      style={{ ...FIELD, minWidth: 0, width: 90, padding: '4px 8px', textAlign: 'right' }}
                      aria-label={`Share of ${flat.name} in ${producer.name}`}
                      value={form.shares[key] ?? ''}
                      onChange={(event) => onChange({ ...form.shares, [key]: event.target.value })}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
          <tr>
            <td style={{ ...CELL, fontWeight: 600 }}>Together</td>
            {producers.map(({ id }) => (
              <td key={id} style={{ ...NUMBER, fontWeight: 600, color: sum(id) > 100.000001 ? '#b42318' : 'inherit' }}>
                {sum(id).toLocaleString('en-GB', { maximumFractionDigits: 4 })}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** How a building splits its own production, and what stands on its bills. */
export function BillingSettings({ record }: ActionProps) {
  const notice = useNotice();
  const buildingId = Number(record?.id);
  const [form, setForm] = useState<Form | null>(null);
  const [state, setState] = useState({ busy: false, problem: '' });
  const loaded = useAnswer(`billing ${buildingId}`, async () => ({
    billing: await api.readBuildingBilling({ buildingId }),
    flats: await all((cursor) => api.listFlats({ buildingId, limit: 500, ...cursor })),
  }));
  useEffect(() => {
    if (!loaded.data) return;
    const { shares, ...rest } = loaded.data.billing;
    setForm({ ...rest, shares: Object.fromEntries(shares.map(({ flatId, producerId, percent }) => [keyOf(flatId, producerId), percent])) });
  }, [loaded.data]);

  async function save({ shares, ...rest }: Form): Promise<void> {
    setState({ busy: true, problem: '' });
    const given = Object.entries(shares).filter(([, percent]) => percent.trim() !== '' && Number(percent.replace(',', '.')) !== 0);
    const list = given.map(([key, percent]) => ({ flatId: Number(key.split(' ')[0]), producerId: Number(key.split(' ')[1]), percent }));
    try {
      await api.changeBuildingBilling({ buildingId }, { ...rest, shares: list });
      notice({ message: 'Saved. Open bills follow by themselves.', type: 'success' });
      setState({ busy: false, problem: '' });
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  if (!form || !loaded.data) return loaded.trouble ? <Problem sentence={loaded.trouble.sentence} /> : <Loader />;
  const { flats } = loaded.data;
  const producers = flats.filter(({ kind }) => kind === 'producer');
  const users = flats.filter(({ kind }) => kind === 'consumer' || kind === 'common' || kind === 'ev');
  return (
    <>
      <Card title="What stands on its bills">
        <Field
          label="Sender"
          help="Name and address, with commas between: each part is a line of the letter. Empty for the building’s own."
        >
          <input
            style={WIDE}
            aria-label="Sender"
            value={form.sender}
            onChange={(event) => setForm({ ...form, sender: event.target.value })}
          />
        </Field>
        <Field label="Below the sum" help="Until when to pay and to which account, such as “Please pay within 14 days to DE02 …”.">
          <input
            style={WIDE}
            aria-label="Below the sum"
            value={form.remark}
            onChange={(event) => setForm({ ...form, remark: event.target.value })}
          />
        </Field>
      </Card>
      <Card title="How the own production is split">
        {producers.length === 0 ? <Text mb="lg">This building has no producer: all is from the grid.</Text> : null}
        <Field label="Rule" help={RULES[form.kind].help}>
          <select
            style={{ ...FIELD, maxWidth: '100%' }}
            aria-label="Rule"
            value={form.kind}
            onChange={(event) => setForm({ ...form, kind: event.target.value as Billing['kind'] })}
          >
            {Object.entries(RULES).map(([value, { label }]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        {form.kind === 'shares' ? (
          <>
            <Shares form={form} users={users} producers={producers} onChange={(shares) => setForm({ ...form, shares })} />
            <Field label="What a flat does not use of its share">
              <select
                style={FIELD}
                aria-label="What a flat does not use of its share"
                value={form.surplus}
                onChange={(event) => setForm({ ...form, surplus: event.target.value as Billing['surplus'] })}
              >
                <option value="export">goes to the grid</option>
                <option value="others">goes to the other flats</option>
              </select>
            </Field>
          </>
        ) : null}
      </Card>
      <Problem sentence={state.problem} />
      <RunButton busy={state.busy} label="Save" onRun={() => void save(form)} />
    </>
  );
}
