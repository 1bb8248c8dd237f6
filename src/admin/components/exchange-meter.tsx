import { Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

const EMPTY = { at: '', serial: '', finalImportKwh: '', finalExportKwh: '', firstImportKwh: '', firstExportKwh: '', unitId: '' };
const KWH = { ...FIELD, minWidth: 140 };

export function ExchangeMeter(props: ActionProps) {
  const [input, setInput] = useState(EMPTY);
  const [confirmed, setConfirmed] = useState(false);
  const { busy, problem, run } = useCalledAction<unknown>(props);
  const { record } = props;
  const of = (name: keyof typeof EMPTY) => ({
    value: input[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setInput({ ...input, [name]: event.target.value }),
  });
  const pair = (label: string, help: string, taken: keyof typeof EMPTY, given: keyof typeof EMPTY) => (
    <Field label={label} help={help}>
      <div style={{ display: 'flex', gap: 12, flexWrap: 'wrap' }}>
        <input style={KWH} inputMode="decimal" placeholder="import" aria-label={`${label}: import in kWh`} {...of(taken)} />
        <input style={KWH} inputMode="decimal" placeholder="export" aria-label={`${label}: export in kWh`} {...of(given)} />
      </div>
    </Field>
  );
  const send = () => {
    const given = Object.fromEntries(Object.entries(input).filter(([, text]) => text !== ''));
    return run({ ...given, confirm: String(confirmed), ...(input.at ? { at: new Date(input.at).toISOString() } : {}) });
  };
  return (
    <Card title={`Exchange meter ${record?.params.serial}`}>
      <Text mb="lg">
        The old meter ends and the new one begins at one moment, at the same point and on the same line. With the counters of both the
        energy of the flat stays whole, to the watt-hour.
      </Text>
      <Field label="When was it exchanged?" help="Empty for now. It may lie in the past: the energy since is worked out anew.">
        <input style={FIELD} type="datetime-local" {...of('at')} />
      </Field>
      {pair(
        'Final counter of the old meter, kWh',
        'As it stood on its display. Empty: its last reading; what it counted after that is lost.',
        'finalImportKwh',
        'finalExportKwh',
      )}
      <Field label="Serial number of the new meter" help="As printed on it.">
        <input style={FIELD} {...of('serial')} />
      </Field>
      {pair(
        'First counter of the new meter, kWh',
        'As it stood on its display when it was put in. Empty for 0.',
        'firstImportKwh',
        'firstExportKwh',
      )}
      <Field
        label="Unit id of the new meter"
        help="Empty for that of the old one. Another line or model: change them on the new meter's page."
      >
        <input style={FIELD} inputMode="numeric" {...of('unitId')} />
      </Field>
      <Field label="Confirm">
        <label style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14 }}>
          <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
          The new meter hangs in the place of the old one.
        </label>
      </Field>
      <Problem sentence={problem} />
      <RunButton busy={busy} disabled={!confirmed || input.serial === ''} label="Exchange meter" onRun={() => void send()} />
    </Card>
  );
}
