import { Box, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { askAction, useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';
import { Written, type WriteReply } from './shared-written';

interface Model {
  id: number;
  key: string;
  name: string;
  speeds: { value: number; meaning: string }[];
  hasPassword: boolean;
}

interface Choices {
  models: Model[];
  /** Known of a meter that is installed. */
  unitId: number | null;
  modelId: number | null;
  /** Null: its bus is behind a gateway. */
  lineBaudRate: number | null;
}

interface Data {
  reply?: WriteReply & { needsRestart: boolean };
  lineBaudRate?: number;
  found?: { ok: boolean; detail?: string; meter?: string | null; latencyMs?: number };
}

/** As a map has it: "19200 baud". */
function baudRateIn(meaning = ''): number | null {
  const found = /^(\d+) baud/.exec(meaning);
  return found ? Number(found[1]) : null;
}

const EMPTY = { unitId: '1', modelKey: '', newUnitId: '', speed: '', password: '' };

export function SetAddress(props: ActionProps) {
  const [choices, setChoices] = useState<Choices | null>(null);
  const [form, setForm] = useState(EMPTY);
  const [alone, setAlone] = useState(false);
  const [reply, setReply] = useState<Data['reply']>();
  const [trouble, setTrouble] = useState('');
  const { busy, problem, data, run } = useCalledAction<Data>(props);

  useEffect(() => {
    void askAction<Choices>(props, { step: 'list' }).then(({ data: known, problem: sentence }) => {
      setChoices(known);
      setTrouble(sentence);
      const own = known?.models.find(({ id }) => id === known.modelId);
      setForm({ ...EMPTY, unitId: String(known?.unitId ?? 1), modelKey: own?.key ?? '' });
    });
  }, []);
  useEffect(() => {
    if (data?.reply) setReply(data.reply);
    const baudRate = data?.lineBaudRate;
    if (baudRate) setChoices((known) => known && { ...known, lineBaudRate: baudRate });
  }, [data]);

  if (!choices) return <Card>{trouble ? <Problem sentence={trouble} /> : <Text>Looking up which models can be set.</Text>}</Card>;
  if (choices.models.length === 0 || (choices.modelId !== null && form.modelKey === ''))
    return (
      <Card title="To be set at the meter">
        <Text>The map of this model has no register for the unit id. Set it at the keys of the meter, then change the installation.</Text>
      </Card>
    );
  const model = choices.models.find(({ key }) => key === form.modelKey);
  const newBaudRate = baudRateIn(model?.speeds.find(({ value }) => String(value) === form.speed)?.meaning);
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const input = (name: 'unitId' | 'newUnitId' | 'password', label: string, help: string) => (
    <Field label={label} help={help}>
      <input
        style={FIELD}
        aria-label={label}
        type="number"
        disabled={name === 'unitId' && choices.unitId !== null}
        value={form[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <>
      <Card title="1. Set it">
        <Text mb="lg">
          New meters all come with the same unit id. Connect them one by one: with two of one id on the bus both would take the new one.
          Nothing changes in Wattbook until the meter answers under its new unit id.
        </Text>
        {input('unitId', 'Unit id now', choices.unitId === null ? 'As it comes from the works it is mostly 1.' : 'As it is installed.')}
        <Field label="Model" help="Only models whose map has a register for the unit id.">
          <select
            style={FIELD}
            aria-label="Model"
            disabled={choices.modelId !== null}
            value={form.modelKey}
            onChange={(event) => change({ modelKey: event.target.value, speed: '' })}
          >
            <option value="">Choose one</option>
            {choices.models.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        {input('newUnitId', 'New unit id', '1 to 247, free on this line. It is asked before anything is written.')}
        {model && model.speeds.length > 0 ? (
          <Field label="New speed" help="All meters of a bus have one speed, and so has the gateway or the line.">
            <select style={FIELD} aria-label="New speed" value={form.speed} onChange={(event) => change({ speed: event.target.value })}>
              <option value="">As it is</option>
              {model.speeds.map(({ value, meaning }) => (
                <option key={value} value={value}>
                  {meaning}
                </option>
              ))}
            </select>
          </Field>
        ) : null}
        {model?.hasPassword
          ? input(
              'password',
              'Password of the meter',
              'Empty for none. Some meters want it, and some a key pressed for three seconds first.',
            )
          : null}
        <Field label="Confirm">
          <label style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14 }}>
            <input type="checkbox" checked={alone} onChange={(event) => setAlone(event.target.checked)} />
            Only this one meter with that unit id is on the bus.
          </label>
        </Field>
        <Problem sentence={problem} />
        <RunButton
          danger
          busy={busy}
          disabled={!alone || !model || form.newUnitId === ''}
          label="Write it"
          onRun={() => void run({ step: 'set', ...form, alone: String(alone) })}
        />
      </Card>
      {reply ? <Written reply={reply} /> : null}
      {reply?.ok ? (
        <Card title="2. Find it again">
          <Text mb="lg">
            {reply.needsRestart ? 'This model takes the change with its next start: switch its supply off and on now. ' : ''}
            {form.speed !== '' && choices.lineBaudRate === null ? 'Then set the gateway to the new speed. ' : ''}
            {`Then ask for unit ${form.newUnitId}.`}
          </Text>
          {newBaudRate !== null && choices.lineBaudRate !== null && newBaudRate !== choices.lineBaudRate ? (
            <>
              <Text mb="lg">
                {`This line is read with ${choices.lineBaudRate} baud. Let it follow once all of its meters have the new speed: those that have another one are not heard.`}
              </Text>
              <Box mb="lg">
                <RunButton
                  busy={busy}
                  label={`Read this line with ${newBaudRate} baud`}
                  onRun={() => void run({ step: 'line', baudRate: String(newBaudRate) })}
                />
              </Box>
            </>
          ) : null}
          {data?.found ? (
            <Text mb="lg" data-testid="found-again">
              {data.found.ok
                ? `It answers in ${Math.round(data.found.latencyMs ?? 0)} ms.${data.found.meter ? ` The installation of ${data.found.meter} has the new unit id from now on.` : ' Now add it as a meter.'}`
                : `It does not answer yet: ${data.found.detail}`}
            </Text>
          ) : null}
          <RunButton
            busy={busy}
            label={`Find unit ${form.newUnitId}`}
            onRun={() => void run({ step: 'find', unitId: form.unitId, newUnitId: form.newUnitId })}
          />
        </Card>
      ) : null}
    </>
  );
}
