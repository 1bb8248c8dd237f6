import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { askAction, useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';
import { named } from './shared-reading';
import { Written, type WriteReply } from './shared-written';

interface Register {
  quantity: string;
  unit: string;
  address: number;
  description: string;
  allowed: string;
  meanings: { value: number; meaning: string }[];
}

interface Writable {
  model: string;
  hasPassword: boolean;
  registers: Register[];
}

export function WriteRegister(props: ActionProps) {
  const [writable, setWritable] = useState<Writable | null>(null);
  const [form, setForm] = useState({ quantity: '', value: '', password: '' });
  const [confirmed, setConfirmed] = useState(false);
  const [trouble, setTrouble] = useState('');
  const { busy, problem, data, run } = useCalledAction<{ reply: WriteReply }>(props);

  useEffect(() => {
    void askAction<Writable>(props, { step: 'list' }).then((answer) => {
      setWritable(answer.data);
      setTrouble(answer.problem);
    });
  }, []);

  if (!writable) return <Card>{trouble ? <Problem sentence={trouble} /> : <Text>Looking up what can be written.</Text>}</Card>;
  if (writable.registers.length === 0)
    return (
      <Card title="Nothing to write">
        <Text>{`The map of ${writable.model} marks no register as writable. Set the meter at its own keys, or add the register to the model with its allowed values and where they are known from.`}</Text>
      </Card>
    );
  const chosen = writable.registers.find(({ quantity }) => quantity === form.quantity);
  const change = (part: Partial<typeof form>) => {
    setForm({ ...form, ...part });
    setConfirmed(false);
  };
  return (
    <>
      <Card title={`Write a register of ${props.record?.params.serial}`}>
        <Text mb="lg">The old value is read first, the new one written and read back. What was there before stands in the activities.</Text>
        <Field label="Register" {...(chosen ? { help: `${chosen.description} (address ${chosen.address})` } : {})}>
          <select
            style={FIELD}
            aria-label="Register"
            value={form.quantity}
            onChange={(event) => change({ quantity: event.target.value, value: '' })}
          >
            <option value="">Choose one</option>
            {writable.registers.map(({ quantity }) => (
              <option key={quantity} value={quantity}>
                {named(quantity)}
              </option>
            ))}
          </select>
        </Field>
        {chosen ? (
          <Field label={chosen.unit ? `New value (${chosen.unit})` : 'New value'} help={`Allowed: ${chosen.allowed}`}>
            {chosen.meanings.length > 0 ? (
              <select style={FIELD} aria-label="New value" value={form.value} onChange={(event) => change({ value: event.target.value })}>
                <option value="">Choose one</option>
                {chosen.meanings.map(({ value, meaning }) => (
                  <option key={value} value={value}>{`${meaning} (${value})`}</option>
                ))}
              </select>
            ) : (
              <input
                style={FIELD}
                aria-label="New value"
                type="number"
                step="any"
                value={form.value}
                onChange={(event) => change({ value: event.target.value })}
              />
            )}
          </Field>
        ) : null}
        {writable.hasPassword ? (
          <Field
            label="Password of the meter"
            help="Only some registers want it. Empty for none; as the meter comes it is mostly 0 or 1000."
          >
            <input
              style={FIELD}
              aria-label="Password of the meter"
              type="number"
              value={form.password}
              onChange={(event) => change({ password: event.target.value })}
            />
          </Field>
        ) : null}
        <Field label="Confirm">
          <label style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14 }}>
            <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
            The meter itself is changed, for everybody who reads it.
          </label>
        </Field>
        <Problem sentence={problem} />
        <RunButton
          danger
          busy={busy}
          disabled={!chosen || form.value === '' || !confirmed}
          label="Write"
          onRun={() => void run({ step: 'write', ...form, confirm: String(confirmed) })}
        />
      </Card>
      {data ? <Written reply={data.reply} /> : null}
    </>
  );
}
