import { Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

const KINDS = {
  settlement: { label: 'Monthly sheet', help: 'What each flat used in a month and where it came from, with the counters at both ends.' },
  split: { label: 'Split per flat', help: 'What each flat used, from the grid and from each producer.' },
  energy: { label: 'Energy of points', help: 'What went into and out of each point, with its quality.' },
  readings: { label: 'Readings of meters', help: 'What the meters answered: power, voltage, counters.' },
  bills: { label: 'List of bills', help: 'The bills whose time begins in these days, a row for each.' },
} as const;
type Kind = keyof typeof KINDS;

const FORMATS = {
  xlsx: 'Excel (XLSX)',
  csv: 'CSV with commas, for programs and English spreadsheets',
  german: 'CSV with semicolons and decimal commas, for German spreadsheets',
  ndjson: 'NDJSON, an object per line',
  json: 'JSON',
} as const;
type Format = keyof typeof FORMATS;

const BUCKETS = { quarter: 'Quarter hour', hour: 'Hour', day: 'Day', month: 'Month' } as const;
type Bucket = keyof typeof BUCKETS;

/** The month before this one, as the person's clock says. */
function lastMonth(): { month: string; from: string; to: string } {
  const now = new Date();
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const from = day(new Date(Date.UTC(now.getFullYear(), now.getMonth() - 1, 1)));
  return { month: from.slice(0, 7), from, to: day(new Date(Date.UTC(now.getFullYear(), now.getMonth(), 0))) };
}

interface Wish {
  what: Kind;
  month: string;
  from: string;
  /** The last day, as people say it. */
  to: string;
  bucket: Bucket;
  format: Format;
}

type Asked = Parameters<typeof api.requestReport>[1];

function asked({ what, month, from, to, bucket, format }: Wish): Asked {
  const written: Asked = format === 'german' ? { what, format: 'csv', separator: ';' } : { what, format };
  if (what === 'settlement') return { ...written, month };
  const after = to ? new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10) : '';
  const days = { ...(from ? { from } : {}), ...(after ? { to: after } : {}) };
  return { ...written, ...days, ...(what === 'energy' || what === 'split' ? { bucket } : {}) };
}

function Choice<T extends string>(props: { label: string; help?: string; value: T; of: Record<T, string>; onChange(value: T): void }) {
  const entries = Object.entries(props.of) as [T, string][];
  return (
    <Field label={props.label} {...(props.help ? { help: props.help } : {})}>
      <select
        style={{ ...FIELD, maxWidth: '100%' }}
        aria-label={props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as T)}
      >
        {entries.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function AskReport() {
  const navigate = useNavigate();
  const [buildingId, setBuildingId] = useState(0);
  const [wish, setWish] = useState<Wish>({ what: 'settlement', ...lastMonth(), bucket: 'day', format: 'xlsx' });
  const [state, setState] = useState({ busy: false, problem: '' });
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const [first] = buildings.data ?? [];
  useEffect(() => {
    if (first) setBuildingId(first.id);
  }, [first?.id]);
  const change = (more: Partial<Wish>) => setWish({ ...wish, ...more });
  const isSheet = wish.what === 'settlement';
  const { json: _, ndjson: __, ...ofSheet } = FORMATS;

  async function run(): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      const { id } = await api.requestReport({ buildingId }, asked(wish));
      navigate(`/admin/resources/reports/records/${id}/show`);
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  if (buildings.data?.length === 0) return <Card>There is no building yet that a report could be about.</Card>;
  const input = (name: 'month' | 'from' | 'to', type: string, label: string) => (
    <input style={FIELD} type={type} aria-label={label} value={wish[name]} onChange={(event) => change({ [name]: event.target.value })} />
  );
  return (
    <Card title="A file about a building">
      <Text mb="lg">It is made in the background, however large it is, and kept for a week.</Text>
      <Choice
        label="Building"
        value={String(buildingId)}
        of={Object.fromEntries((buildings.data ?? []).map(({ id, name }) => [String(id), name]))}
        onChange={(id) => setBuildingId(Number(id))}
      />
      <Choice
        label="What"
        help={KINDS[wish.what].help}
        value={wish.what}
        of={Object.fromEntries(Object.entries(KINDS).map(([kind, { label }]) => [kind, label])) as Record<Kind, string>}
        onChange={(what) => change({ what, ...(what === 'settlement' && wish.format.includes('json') ? { format: 'xlsx' as const } : {}) })}
      />
      <div style={{ display: 'flex', flexWrap: 'wrap', columnGap: 32 }}>
        {isSheet ? (
          <Field label="Month" help="The calendar month, on the clocks of the building.">
            {input('month', 'month', 'Month')}
          </Field>
        ) : (
          <>
            <Field label="First day">{input('from', 'date', 'First day')}</Field>
            <Field label="Last day">{input('to', 'date', 'Last day')}</Field>
          </>
        )}
        {wish.what === 'energy' || wish.what === 'split' ? (
          <Choice label="A row for each" value={wish.bucket} of={BUCKETS} onChange={(bucket) => change({ bucket })} />
        ) : null}
      </div>
      <Choice
        label="File"
        value={wish.format}
        of={(isSheet ? ofSheet : FORMATS) as Record<Format, string>}
        onChange={(format) => change({ format })}
      />
      <Problem sentence={state.problem} />
      <RunButton busy={state.busy} disabled={buildingId === 0} label="Make the file" onRun={() => void run()} />
    </Card>
  );
}
