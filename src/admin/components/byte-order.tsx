import { Badge, Box, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { useCalledAction } from './shared-call-action';
import { Checks, type Check } from './shared-checks';
import { Card, CELL, HEAD, NUMBER, Problem, RunButton, TABLE } from './shared-parts';
import { named } from './shared-reading';

interface Layout {
  wordOrder: string;
  byteOrder: string;
  type: string;
}

interface Decoding {
  label: string;
  changes: { quantities: string[]; from: Layout; to: Layout }[];
  scales: { unit: string; factor: number }[];
  values: Record<string, number>;
  checks: Check[];
}

interface Found {
  ok: boolean;
  reason?: string;
  detail?: string;
  applied?: number;
  verdict: { certainty: 'sure' | 'likely' | 'cannot-tell'; reason: string; ranked: Decoding[] };
  today: { values: Record<string, number>; checks: Check[] };
  reads: object[];
  model: { name: string; meters: number; mayChange: boolean };
}

const VERDICTS = {
  sure: { variant: 'success', text: 'Sure' },
  likely: { variant: 'info', text: 'Likely' },
  'cannot-tell': { variant: 'default', text: 'Cannot tell' },
} as const;

const shown = (value: number | undefined) =>
  value === undefined
    ? '–'
    : Math.abs(value) > 1e9 || (value !== 0 && Math.abs(value) < 1e-3)
      ? value.toExponential(2)
      : value.toLocaleString('en-GB', { maximumFractionDigits: 3 });

const isToday = ({ changes, scales }: Decoding) => changes.length === 0 && scales.length === 0;

/** Today's values beside those of the decodings: what differs is marked. */
function Comparison({ found, chosen, onChoose }: { found: Found; chosen: number; onChoose(index: number): void }) {
  const columns = found.verdict.ranked
    .map((decoding, index) => ({ decoding, index }))
    .filter(({ decoding, index }) => index === 0 || !isToday(decoding))
    .slice(0, 4);
  // Best first: today's map may have refused what the best one shows.
  const quantities = [...new Set([...Object.keys(columns[0]?.decoding.values ?? {}), ...Object.keys(found.today.values)])].filter(
    (quantity) => columns.some(({ decoding }) => decoding.values[quantity] !== undefined),
  );
  return (
    <div style={{ overflowX: 'auto' }}>
      <table style={TABLE}>
        <thead>
          <tr>
            <th style={HEAD}>Quantity</th>
            <th style={{ ...HEAD, textAlign: 'right' }}>Today</th>
            {columns.map(({ decoding, index }) => (
              <th key={decoding.label + String(index)} style={{ ...HEAD, textAlign: 'right', whiteSpace: 'normal', minWidth: 130 }}>
                <label style={{ display: 'inline-flex', gap: 6, alignItems: 'center', cursor: 'pointer' }}>
                  <input type="radio" name="decoding" checked={index === chosen} onChange={() => onChoose(index)} />
                  {`${index + 1}. ${decoding.label}`}
                </label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {quantities.map((quantity) => (
            <tr key={quantity}>
              <td style={CELL}>{named(quantity)}</td>
              <td style={NUMBER}>{shown(found.today.values[quantity])}</td>
              {columns.map(({ decoding, index }) => {
                const differs = shown(decoding.values[quantity]) !== shown(found.today.values[quantity]);
                return (
                  <td
                    key={index}
                    style={{ ...NUMBER, fontWeight: differs ? 700 : 400, background: index === chosen ? '#eef6f4' : undefined }}
                  >
                    {shown(decoding.values[quantity])}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Apply({ found, decoding, busy, onApply }: { found: Found; decoding: Decoding; busy: boolean; onApply(): void }) {
  const [confirmed, setConfirmed] = useState(false);
  const { name, meters, mayChange } = found.model;
  if (isToday(decoding)) return <Text>This is how the meter is read today: there is nothing to change.</Text>;
  if (!mayChange) return <Text>{`Somebody who may change meter models can take this over for ${name}.`}</Text>;
  const registers = decoding.changes.flatMap(({ quantities }) => quantities);
  return (
    <>
      <Text mb="lg">
        {[
          ...decoding.changes.map(
            ({ quantities, from, to }) =>
              `${quantities.length} ${quantities.length === 1 ? 'register' : 'registers'} of type ${from.type}: ${to.type}, words ${to.wordOrder}, bytes ${to.byteOrder}`,
          ),
          ...decoding.scales.map(({ unit, factor }) => `everything in ${unit || 'power factors'}: times ${factor}`),
        ].join('; ')}
        .
      </Text>
      <label style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14, marginBottom: 16 }}>
        <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
        {meters === 1
          ? `Only this meter is of the model ${name}.`
          : `${meters} meters are of the model ${name}: all of them are read so from now on.`}
      </label>
      <RunButton
        busy={busy}
        disabled={!confirmed}
        label={`Change the model${registers.length > 0 ? ` (${registers.length} registers)` : ''}`}
        onRun={onApply}
      />
    </>
  );
}

export function ByteOrder(props: ActionProps) {
  const [chosen, setChosen] = useState(0);
  const { busy, problem, data, run } = useCalledAction<Found>(props);
  const found = data?.ok && !data.applied ? data : null;
  const decoding = found?.verdict.ranked[chosen];
  const verdict = found ? VERDICTS[found.verdict.certainty] : null;

  async function look(): Promise<void> {
    setChosen(0);
    await run(found ? { step: 'look', earlier: JSON.stringify(found.reads.slice(-5)) } : { step: 'look' });
  }

  return (
    <Box>
      <Card>
        <Text mb="lg">
          Reads the meter now and tries every order of words and bytes, other types and scales, on what came over the wire. Physics decides:
          voltages and frequency of a grid, P = V x I x PF, phases that make the total, counters that do not fall.
          {found ? ' Read again after a minute: then the counters speak, too.' : ''}
        </Text>
        <Problem sentence={problem} />
        <RunButton busy={busy} label={found ? 'Read again' : 'Find out'} onRun={() => void look()} />
      </Card>
      {data && !data.ok ? (
        <Card title="No reading">
          <Text>{`${data.reason}: ${data.detail}`}</Text>
        </Card>
      ) : null}
      {data?.applied ? (
        <Card title="The model was changed">
          <Text>{`${data.applied} registers are read in their new order from the next slot on. What was stored before stays as it is.`}</Text>
        </Card>
      ) : null}
      {found && verdict && decoding ? (
        <>
          <Card
            title={isToday(found.verdict.ranked[0] ?? decoding) ? 'The map is right as it is' : `Best: ${found.verdict.ranked[0]?.label}`}
          >
            <Box flex alignItems="center" mb="lg" style={{ gap: 12 }}>
              <Badge variant={verdict.variant}>{verdict.text}</Badge>
              <Text>{found.verdict.reason}</Text>
            </Box>
            <Comparison found={found} chosen={chosen} onChoose={setChosen} />
          </Card>
          <Card title={`What physics says of ${chosen + 1}. ${decoding.label}`}>
            <Checks checks={decoding.checks} />
          </Card>
          <Card title="Take it over">
            <Apply
              key={chosen}
              found={found}
              decoding={decoding}
              busy={busy}
              onApply={() =>
                void run({
                  step: 'apply',
                  confirm: 'true',
                  changes: JSON.stringify(decoding.changes),
                  scales: JSON.stringify(decoding.scales),
                })
              }
            />
          </Card>
        </>
      ) : null}
    </Box>
  );
}
