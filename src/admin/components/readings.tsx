import { Box, Loader, SelectAsync, Text } from '@adminjs/design-system';
import { ApiClient } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { Card, CELL, Field, FIELD, HEAD, NUMBER, Problem, TABLE } from './shared-parts';

interface Slot {
  kind: 'reading' | 'gap';
  /** In the zone of the building. */
  at: string;
  until?: string;
  reason?: string;
  detail?: string;
  latencyMs?: number | null;
  values?: Record<string, number>;
  refused?: string[];
}

interface Day {
  meter: { id: number; serial: string; place: string };
  zone: string;
  day: string;
  columns: { name: string; label: string; unit: string }[];
  rows: Slot[];
  cut: boolean;
}

interface Option {
  value: string;
  label: string;
}

const shown = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en-GB', { maximumFractionDigits: 2 });

async function findMeters(text: string): Promise<Option[]> {
  const records = await new ApiClient().searchRecords({ resourceId: 'meters', query: text });
  return records.map((record) => ({ value: String(record.id), label: `${record.params.serial}  ${record.params.place ?? ''}` }));
}

function Table({ day }: { day: Day }) {
  return (
    <div style={{ overflowX: 'auto' }}>
      <table style={TABLE}>
        <thead>
          <tr>
            <th style={HEAD}>{`Time (${day.zone})`}</th>
            {day.columns.map((column) => (
              <th
                key={column.name}
                style={{ ...HEAD, textAlign: 'right' }}
              >{`${column.label}${column.unit ? ` (${column.unit})` : ''}`}</th>
            ))}
            <th style={{ ...HEAD, textAlign: 'right' }}>Answered in (ms)</th>
          </tr>
        </thead>
        <tbody>
          {day.rows.map((row) =>
            row.kind === 'gap' ? (
              <tr key={`gap-${row.at}`} style={{ background: '#fff4f2' }}>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{`${row.at} to ${row.until}`}</td>
                <td
                  style={{ ...CELL, color: '#b42318' }}
                  colSpan={day.columns.length + 1}
                >{`No reading: ${row.reason}${row.detail ? `. ${row.detail}` : ''}`}</td>
              </tr>
            ) : (
              <tr key={row.at}>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{row.at}</td>
                {day.columns.map((column) => (
                  <td key={column.name} style={NUMBER}>
                    {row.refused?.includes(column.name) ? 'refused' : shown(row.values?.[column.name])}
                  </td>
                ))}
                <td style={NUMBER}>{row.latencyMs ?? ''}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Result({ day }: { day: Day }) {
  const gaps = day.rows.filter((row) => row.kind === 'gap').length;
  return (
    <Card title={`${day.meter.serial}, ${day.day}`}>
      <Text mb="lg">{`${day.meter.place}. ${day.rows.length - gaps} readings, ${gaps} gaps.${day.cut ? ' Only the first 3,000 are shown.' : ''}`}</Text>
      {day.rows.length === 0 ? <Text>Nothing was read on this day, and nothing was due.</Text> : <Table day={day} />}
    </Card>
  );
}

export function Readings() {
  const { search } = useLocation();
  const navigate = useNavigate();
  const asked = new URLSearchParams(search);
  const meterId = asked.get('meterId') ?? '';
  const date = asked.get('day') ?? '';
  const [day, setDay] = useState<Day | null>(null);
  const [problem, setProblem] = useState('');
  const ask = (next: Record<string, string>): void => navigate({ search: new URLSearchParams({ meterId, day: date, ...next }).toString() });

  useEffect(() => {
    setDay(null);
    setProblem('');
    if (!meterId) return;
    new ApiClient().getPage<Day>({ pageName: 'readings', params: { meterId, ...(date ? { day: date } : {}) } }).then(
      (answer) => setDay(answer.data),
      (err: { response?: { data?: { detail?: string } } }) =>
        setProblem(err.response?.data?.detail ?? 'This cannot be shown at the moment.'),
    );
  }, [meterId, date]);

  return (
    <Box style={{ padding: 32 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px', fontWeight: 700, color: '#17242d', marginBottom: 20 }}>Readings and gaps</h1>
      <Card>
        <div style={{ display: 'flex', gap: 24, flexWrap: 'wrap' }}>
          <div style={{ flex: '1 1 240px', maxWidth: 340 }}>
            <Field label="Meter" help="Search by serial number.">
              <SelectAsync
                cacheOptions
                defaultOptions
                value={day ? { value: String(day.meter.id), label: day.meter.serial } : null}
                loadOptions={findMeters}
                onChange={(option: Option | null) => ask({ meterId: option?.value ?? '' })}
              />
            </Field>
          </div>
          <Field label="Day" help="In the time of the building. Empty for today.">
            <input style={FIELD} type="date" value={date} onChange={(event) => ask({ day: event.target.value })} />
          </Field>
        </div>
      </Card>
      <Problem sentence={problem} />
      {day ? <Result day={day} /> : meterId && !problem ? <Loader /> : null}
      {meterId ? null : (
        <Card>
          <Text>Choose a meter to see what it answered on a day, and why something is missing.</Text>
        </Card>
      )}
    </Box>
  );
}
