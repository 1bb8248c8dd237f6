import { Box, Button, Loader, MessageBox, Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import type { Keeping as Kept } from '../../generated/api-client.ts';
import { Card, CELL, FIELD, HEAD, NUMBER, Problem, TABLE } from './shared-parts';
import { callRest } from './shared-rest';

type Kind = Kept['kinds'][number];
type Month = Kept['readings'][number];

const FOREVER = 'for ever';
const count = (rows: number): string => rows.toLocaleString('en-GB');
const sizeOf = (bytes: number): string =>
  bytes >= 2 ** 30
    ? `${(bytes / 2 ** 30).toFixed(1)} GB`
    : bytes >= 2 ** 20
      ? `${(bytes / 2 ** 20).toFixed(1)} MB`
      : `${Math.ceil(bytes / 1024)} kB`;
const day = (iso: string): string => iso.slice(0, 10);
const say = (months: number | null): string => (months === null ? FOREVER : months === 1 ? '1 month' : `${months} months`);

/** A partition has what lies before its end; the oldest one all that is older, too. */
function monthName({ until, name }: Month, isFirst: boolean): string {
  if (until === null) return 'Later';
  const date = new Date(Date.parse(until) - 24 * 3_600_000);
  const label = name === 'p_max' ? '' : date.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return isFirst ? `${label} and older` : label;
}

function Next({ next, months }: { next: Kind['next']; months: number | null }) {
  if (months === null) return <>Nothing, ever.</>;
  return (
    <>
      {next.rows === 0
        ? 'Nothing.'
        : `About ${count(next.rows)} rows from before ${day(next.before ?? '')}${next.bytes > 0 ? `, ${sizeOf(next.bytes)}` : ''}.`}
      {next.obstacles.map((sentence) => (
        <div key={sentence} style={{ color: '#b42318', marginTop: 4 }}>
          {sentence}
        </div>
      ))}
    </>
  );
}

/** What is changed, and what has to be confirmed before it is. */
interface Change {
  kind: string;
  months: number | null;
  question: string;
}

function KindCard({ kind, busy, onChange }: { kind: Kind; busy: boolean; onChange(kind: Kind, months: number | null): void }) {
  const [months, setMonths] = useState(kind.months === null ? '' : String(kind.months));
  useEffect(() => setMonths(kind.months === null ? '' : String(kind.months)), [kind.months]);
  const wanted = months.trim() === '' ? null : Number(months);
  return (
    <Card title={kind.label}>
      <Text style={{ color: '#475569', marginBottom: 16, maxWidth: 760 }}>{kind.about}</Text>
      <div style={{ display: 'flex', gap: 16, flexWrap: 'wrap', alignItems: 'center', marginBottom: 12 }}>
        <label style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
          Keep months:
          <input
            style={{ ...FIELD, minWidth: 0, width: 110 }}
            type="number"
            min={kind.least}
            max={1200}
            value={months}
            placeholder={FOREVER}
            aria-label={`Months to keep: ${kind.label}`}
            onChange={(event) => setMonths(event.target.value)}
          />
        </label>
        <Button type="button" variant="outlined" disabled={busy || wanted === kind.months} onClick={() => onChange(kind, wanted)}>
          Change
        </Button>
        <Text style={{ color: '#64748b', fontSize: 13 }}>
          {`Empty: for ever. At least ${say(kind.least)}; as shipped ${say(kind.standard)}.`}
        </Text>
      </div>
      <div style={{ fontSize: 14, lineHeight: '20px' }}>
        <span style={{ color: '#64748b' }}>The next run drops: </span>
        <Next next={kind.next} months={kind.months} />
      </div>
      {kind.droppedUntil ? (
        <Text
          style={{ fontSize: 13, color: '#64748b', marginTop: 8 }}
        >{`Dropped so far: what was from before ${day(kind.droppedUntil)}.`}</Text>
      ) : null}
    </Card>
  );
}

function Months({ title, months, dropped }: { title: string; months: Month[]; dropped: Set<string> }) {
  const shown = months.filter(({ rows }, index) => rows > 0 || (index === 0 && months.every((month) => month.rows === 0)));
  return (
    <Card title={title}>
      <div style={{ overflowX: 'auto', maxHeight: 420 }}>
        <table style={TABLE}>
          <thead>
            <tr>
              <th style={HEAD}>Month (UTC)</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Rows, about</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Size</th>
              <th style={HEAD} />
            </tr>
          </thead>
          <tbody>
            {shown.map((month) => (
              <tr key={month.name}>
                <td style={CELL}>{monthName(month, month === months[0])}</td>
                <td style={NUMBER}>{count(month.rows)}</td>
                <td style={NUMBER}>{sizeOf(month.bytes)}</td>
                <td style={{ ...CELL, color: '#b42318' }}>{dropped.has(month.name) ? 'goes next' : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Tables({ tables }: Pick<Kept, 'tables'>) {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Card title={`All tables: ${sizeOf(total)}`}>
      <div style={{ overflowX: 'auto', maxHeight: 420 }}>
        <table style={TABLE}>
          <tbody>
            {tables.map(({ table, rows, bytes }) => (
              <tr key={table}>
                <td style={CELL}>{table.replaceAll('_', ' ')}</td>
                <td style={NUMBER}>{`${count(rows)} rows`}</td>
                <td style={NUMBER}>{sizeOf(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export function Keeping() {
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState('');
  const [saved, setSaved] = useState('');
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<Change | null>(null);

  useEffect(() => {
    void callRest<Kept>('GET', '/keeping').then((answer) => (answer.ok ? setKept(answer.body) : setProblem(answer.problem)));
  }, []);

  async function change(kind: string, months: number | null, confirmed: boolean): Promise<void> {
    setBusy(true);
    setProblem('');
    setSaved('');
    const answer = await callRest<Kept>('PUT', '/keeping', { kind, months, confirmed });
    setBusy(false);
    if (answer.ok) {
      setKept(answer.body);
      setAsked(null);
      setSaved('Saved. It holds from the next run on, after midnight UTC.');
    } else if (answer.fields['confirmed'] && !confirmed) setAsked({ kind, months, question: answer.problem });
    else setProblem(answer.problem);
  }

  if (kept === null) return <Box style={{ padding: 32 }}>{problem ? <Problem sentence={problem} /> : <Loader />}</Box>;
  const goes = (kind: string): Set<string> => new Set(kept.kinds.find((one) => one.kind === kind)?.next.months.map(({ name }) => name));
  return (
    <Box style={{ padding: 'clamp(12px, 3vw, 32px)', maxWidth: 1100 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px', fontWeight: 700, color: '#17242d', marginBottom: 8 }}>Keeping</h1>
      <Text style={{ color: '#475569', marginBottom: 20, maxWidth: 760 }}>
        How long data is kept. Once a day whole months that are older go, from the oldest on: never what is not settled yet, and never what
        bills that are not issued need.
      </Text>
      <Problem sentence={problem} />
      {saved ? <MessageBox variant="success" size="sm" mb="lg" message={saved} /> : null}
      {asked ? (
        <Card title="Keep it shorter?">
          <Text mb="lg">{asked.question}</Text>
          <div style={{ display: 'flex', gap: 12, flexWrap: 'wrap' }}>
            <Button
              type="button"
              variant="danger"
              disabled={busy}
              data-testid="confirm"
              onClick={() => void change(asked.kind, asked.months, true)}
            >
              {`Keep ${say(asked.months)} only`}
            </Button>
            <Button type="button" variant="outlined" disabled={busy} onClick={() => setAsked(null)}>
              Leave it as it is
            </Button>
          </div>
        </Card>
      ) : null}
      {kept.kinds.map((kind) => (
        <KindCard key={kind.kind} kind={kind} busy={busy} onChange={(one, months) => void change(one.kind, months, false)} />
      ))}
      <Months title="Readings by month" months={kept.readings} dropped={goes('readings')} />
      <Months title="Quarter hours by month" months={kept.intervals} dropped={goes('intervals')} />
      <Tables tables={kept.tables} />
    </Box>
  );
}
