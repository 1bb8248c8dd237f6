import { Button, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import type { Correction, CorrectionPreview } from '../../generated/api-client.ts';
import { kwh, whOf, type CorrectionDay, type DaySlot } from './shared-correction-day';
import { PreviewOf } from './shared-correction-preview';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';
import { postJson } from './shared-rest';

type Kind = 'exclude-reading' | 'set-counter' | 'override-interval';

const KINDS: { kind: Kind; label: string; help: string }[] = [
  {
    kind: 'exclude-reading',
    label: 'Leave a reading out',
    help: 'The meter showed nonsense. What lies between its neighbours is bridged.',
  },
  {
    kind: 'set-counter',
    label: 'Set a counter',
    help: 'Somebody read the display. It counts as a reading, and is never doubted.',
  },
  {
    kind: 'override-interval',
    label: 'Say the energy',
    help: 'There is no counter to go by. The quarter hour is an estimate from then on, and bills say so.',
  },
];

const MINUTE_MS = 60_000;
const EMPTY = { reading: '', minute: '0', direction: 'import', kwh: '', reason: '' };

interface Plan {
  body: Record<string, unknown> | null;
  problem: string;
}

function planOf(kind: Kind, form: typeof EMPTY, slot: DaySlot, pointId: number): Plan {
  if (kind === 'exclude-reading') {
    const reading = slot.readings.find(({ at }) => at === form.reading);
    return reading
      ? { body: { kind, meterId: reading.meterId, at: reading.at }, problem: '' }
      : { body: null, problem: 'Choose a reading.' };
  }
  const wh = whOf(form.kwh);
  if (wh === null) return { body: null, problem: 'Energy is a number of kWh with at most three decimals, such as 12345.6.' };
  const minute = Number(form.minute.replace(',', '.'));
  if (kind === 'override-interval') return { body: { kind, pointId, at: slot.slot, flow: form.direction, wh }, problem: '' };
  if (!(minute >= 0 && minute < 15)) return { body: null, problem: 'Minutes go from 0 to 14.' };
  const at = new Date(Date.parse(slot.slot) + Math.round(minute * MINUTE_MS)).toISOString();
  return { body: { kind, pointId, at, counter: form.direction, wh }, problem: '' };
}

export function CorrectionForm({ day, slot, onDone }: { day: CorrectionDay; slot: DaySlot; onDone(): void }) {
  const [kind, setKind] = useState<Kind>(slot.readings.length > 0 ? 'exclude-reading' : day.hasMeter ? 'set-counter' : 'override-interval');
  const [form, setForm] = useState({ ...EMPTY, reading: slot.readings[0]?.at ?? '' });
  const [state, setState] = useState<{ busy: boolean; problem: string; preview: CorrectionPreview | null }>({
    busy: false,
    problem: '',
    preview: null,
  });
  const change = (part: Partial<typeof EMPTY>) => {
    setForm({ ...form, ...part });
    if (!('reason' in part)) setState({ busy: false, problem: '', preview: null });
  };
  const { body, problem } = planOf(kind, form, slot, day.point.id);

  async function look(): Promise<void> {
    if (body === null) return setState({ busy: false, problem, preview: null });
    setState({ ...state, busy: true });
    const answer = await postJson<CorrectionPreview>('/corrections/preview', body);
    setState({ busy: false, problem: answer.problem, preview: answer.data });
  }

  async function correct(): Promise<void> {
    setState({ ...state, busy: true });
    const answer = await postJson<Correction>('/corrections', { ...body, reason: form.reason });
    setState({ ...state, busy: false, problem: answer.problem });
    if (answer.data) onDone();
  }

  const directions = (
    <select style={FIELD} aria-label="Direction" value={form.direction} onChange={(event) => change({ direction: event.target.value })}>
      <option value="import">import</option>
      <option value="export">export</option>
    </select>
  );
  return (
    <Card title={`${day.day}, ${slot.clock}`}>
      <Field label="What is to be corrected?" help={KINDS.find((one) => one.kind === kind)?.help ?? ''}>
        <div style={{ display: 'flex', gap: 20, flexWrap: 'wrap' }}>
          {KINDS.map((one) => {
            const isOff = (one.kind === 'exclude-reading' && slot.readings.length === 0) || (one.kind === 'set-counter' && !day.hasMeter);
            return (
              <label key={one.kind} style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14, opacity: isOff ? 0.5 : 1 }}>
                <input
                  type="radio"
                  name="kind"
                  disabled={isOff || (one.kind === 'override-interval' && !slot.over)}
                  checked={kind === one.kind}
                  onChange={() => {
                    setKind(one.kind);
                    change({});
                  }}
                />
                {one.label}
              </label>
            );
          })}
        </div>
      </Field>
      {kind === 'exclude-reading' ? (
        <Field label="Reading">
          <select style={FIELD} aria-label="Reading" value={form.reading} onChange={(event) => change({ reading: event.target.value })}>
            {slot.readings.map((one) => (
              <option key={`${one.meterId} ${one.at}`} value={one.at}>
                {`${one.clock}: import ${kwh(one.importWh)} kWh, export ${kwh(one.exportWh)} kWh${one.excluded ? ' (left out)' : ''}`}
              </option>
            ))}
          </select>
        </Field>
      ) : (
        <div style={{ display: 'flex', gap: 24, flexWrap: 'wrap' }}>
          {kind === 'set-counter' ? (
            <Field label={`Minutes after ${slot.clock}`}>
              <input
                style={{ ...FIELD, minWidth: 90, width: 90 }}
                inputMode="decimal"
                aria-label="Minutes"
                value={form.minute}
                onChange={(event) => change({ minute: event.target.value })}
              />
            </Field>
          ) : null}
          <Field label={kind === 'set-counter' ? 'Counter, as the meter names it' : 'Flow of the point'}>{directions}</Field>
          <Field label={kind === 'set-counter' ? 'What it stood at, kWh' : 'Energy of the quarter hour, kWh'}>
            <input
              style={FIELD}
              inputMode="decimal"
              aria-label="kWh"
              value={form.kwh}
              onChange={(event) => change({ kwh: event.target.value })}
            />
          </Field>
        </div>
      )}
      <Problem sentence={state.problem} />
      {state.preview === null ? (
        <Button type="button" variant="outlined" disabled={state.busy} onClick={() => void look()} data-testid="show-preview">
          Show what it changes
        </Button>
      ) : (
        <>
          <PreviewOf preview={state.preview} zone={day.zone} />
          <Field label="Why?" help="Who reads a bill in five years wants to know. It is shown with your name.">
            <input
              style={{ ...FIELD, width: '100%', maxWidth: 560 }}
              aria-label="Why"
              maxLength={500}
              value={form.reason}
              onChange={(event) => change({ reason: event.target.value })}
            />
          </Field>
          <RunButton busy={state.busy} disabled={form.reason.trim() === ''} label="Correct" onRun={() => void correct()} />
          <Text mt="lg" style={{ color: '#64748b', fontSize: 13 }}>
            Nothing is lost: a correction can be undone, and all is then as it was.
          </Text>
        </>
      )}
    </Card>
  );
}
