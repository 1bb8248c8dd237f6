import { Badge, Button, Text } from '@adminjs/design-system';
import type { ActionProps } from 'adminjs';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { askAction } from './shared-call-action';
import { Checks, type Check } from './shared-checks';
import { Card, CELL, FIELD, HEAD, Problem, TABLE } from './shared-parts';
import { Values, type Reply } from './shared-reading';

export interface Guess {
  models: { key: string; name: string }[];
  certainty: 'sure' | 'likely' | 'possible';
  reasons: string[];
}

interface Found {
  unitId: number;
  latencyMs: number;
  meter: { id: number; serial: string } | null;
  guesses: Guess[];
}

export interface Scan {
  id: string;
  from: number;
  to: number;
  state: 'waiting' | 'running' | 'ended' | 'lost';
  ended: string | null;
  detail: string;
  unitId: number;
  done: number;
  of: number;
  found: Found[];
}

export interface Model {
  id: number;
  key: string;
  name: string;
}

type TestRead = Reply & { checks: Check[] };

const CERTAINTY = { sure: 'success', likely: 'info', possible: 'default' } as const;
const LINK: React.CSSProperties = { color: '#0b6e5f', fontWeight: 600 };

function GuessOf({ unit }: { unit: Found }) {
  const [best, ...others] = unit.guesses;
  if (!best) return <Text style={{ color: '#64748b' }}>No model of the library fits what it answers.</Text>;
  return (
    <>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
        <strong>{best.models.map(({ name }) => name).join(' or ')}</strong>
        <Badge size="sm" variant={CERTAINTY[best.certainty]}>
          {best.models.length > 1 ? 'alike' : best.certainty}
        </Badge>
      </div>
      <div style={{ color: '#64748b', fontSize: 13, lineHeight: '18px', marginTop: 4 }}>
        {best.reasons.join('; ')}
        {others.length > 0 ? `. Else: ${others.flatMap(({ models }) => models.map(({ name }) => name)).join(', ')}` : ''}
      </div>
    </>
  );
}

function Unit({ unit, models, lineId, props }: { unit: Found; models: Model[]; lineId: string; props: ActionProps }) {
  const guessed = unit.guesses.flatMap((guess) => guess.models.map(({ key }) => key));
  const [key, setKey] = useState(guessed[0] ?? '');
  const [read, setRead] = useState<TestRead | null>(null);
  const [state, setState] = useState({ busy: false, problem: '' });
  const chosen = models.find((model) => model.key === (key || guessed[0]));

  async function tryIt(): Promise<void> {
    setState({ busy: true, problem: '' });
    const answer = await askAction<{ read: TestRead }>(props, { step: 'try', unitId: String(unit.unitId), modelKey: chosen?.key ?? '' });
    setRead(answer.data?.read ?? null);
    setState({ busy: false, problem: answer.problem });
  }

  return (
    <>
      <tr data-testid={`unit-${unit.unitId}`}>
        <td style={{ ...CELL, fontWeight: 700, fontSize: 16 }}>{unit.unitId}</td>
        <td style={{ ...CELL, minWidth: 260 }}>
          <GuessOf unit={unit} />
        </td>
        <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{`${Math.round(unit.latencyMs)} ms`}</td>
        <td style={CELL}>
          {unit.meter ? (
            <Link to={`/admin/resources/meters/records/${unit.meter.id}/show`} style={LINK}>
              {unit.meter.serial}
            </Link>
          ) : (
            <span style={{ color: '#64748b' }}>not installed</span>
          )}
        </td>
        <td style={{ ...CELL, minWidth: 240 }}>
          <select
            style={{ ...FIELD, width: '100%' }}
            aria-label={`Model of unit ${unit.unitId}`}
            value={chosen?.key ?? ''}
            onChange={(event) => setKey(event.target.value)}
          >
            <option value="">Choose a model</option>
            {models.map((model) => (
              <option key={model.key} value={model.key}>
                {guessed.includes(model.key) ? `${model.name} (guessed)` : model.name}
              </option>
            ))}
          </select>
          <div style={{ display: 'flex', gap: 12, alignItems: 'center', marginTop: 8, flexWrap: 'wrap' }}>
            <Button type="button" size="sm" variant="outlined" disabled={!chosen || state.busy} onClick={() => void tryIt()}>
              {state.busy ? 'Reading' : 'Test-read'}
            </Button>
            {unit.meter || !chosen ? null : (
              <Link to={`/admin/resources/meters/actions/new?lineId=${lineId}&unitId=${unit.unitId}&modelId=${chosen.id}`} style={LINK}>
                Add this meter
              </Link>
            )}
          </div>
          <Problem sentence={state.problem} />
        </td>
      </tr>
      {read ? (
        <tr>
          <td style={{ ...CELL, background: '#f6f9fa' }} colSpan={5}>
            {read.ok ? (
              <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(320px, 1fr))', gap: 24 }}>
                <div>
                  <Text style={{ fontWeight: 600 }}>{`What it says as ${chosen?.name ?? ''}`}</Text>
                  <Values reply={read} />
                </div>
                <div>
                  <Text style={{ fontWeight: 600 }}>What physics says</Text>
                  <Checks checks={read.checks} />
                </div>
              </div>
            ) : (
              <Text>{`It could not be read: ${read.reason}, ${read.detail}`}</Text>
            )}
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** Whoever answered, with what one may do about it. */
export function Findings({ props, scan, models }: { props: ActionProps; scan: Scan; models: Model[] }) {
  if (scan.found.length === 0) {
    return scan.state === 'ended' ? (
      <Card title="Nobody answered">
        <Text>
          Check the wiring, the speed and parity of the bus, and whether the gateway speaks Modbus TCP or passes raw RTU frames on.
        </Text>
      </Card>
    ) : null;
  }
  return (
    <Card title={scan.found.length === 1 ? '1 unit answers' : `${scan.found.length} units answer`}>
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <thead>
            <tr>
              {['Unit id', 'Looks like', 'Answers in', 'Meter', 'Read it as'].map((head) => (
                <th key={head} style={HEAD}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scan.found.map((unit) => (
              <Unit key={unit.unitId} unit={unit} models={models} lineId={props.record?.id ?? ''} props={props} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
