import { Box, Button, MessageBox, Text } from '@adminjs/design-system';
import React, { useEffect, useRef } from 'react';
import { Link } from 'react-router-dom';
import type { DataImport } from '../../generated/api-client.ts';
import { isRunning, type DataImportState } from './shared-data-import';
import { Card, CELL, HEAD, moment, NUMBER, Problem, RunButton, TABLE } from './shared-parts';

const STATES: Record<DataImport['state'], string> = {
  uploading: 'not sent as a whole',
  checking: 'being looked through',
  checked: 'looked through',
  storing: 'being stored',
  done: 'stored',
  failed: 'failed',
};
const STEPS: Record<string, string> = { reading: 'Reading it', checking: 'Checking it', storing: 'Storing it' };
const MOST_METERS = 100;
/** In the time of the building. */
const local = (iso: string, zone: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
const number = (count: number): string => count.toLocaleString('en-GB');

export function Progress({ label, percent }: { label: string; percent: number }) {
  return (
    <div role="status" style={{ margin: '8px 0 16px' }}>
      <Text style={{ marginBottom: 8 }}>{`${label}: ${percent} %`}</Text>
      <div style={{ height: 8, borderRadius: 4, background: '#e2e8ed', overflow: 'hidden' }}>
        <div style={{ width: `${percent}%`, height: '100%', background: '#0b6e5f', transition: 'width .3s' }} />
      </div>
    </div>
  );
}

function Sentences({ title, bad, sentences, more }: { title: string; bad: boolean; sentences: string[]; more: number }) {
  if (sentences.length === 0) return null;
  return (
    <Card title={title}>
      <ul
        style={{
          margin: 0,
          paddingLeft: 20,
          listStyle: 'disc',
          fontSize: 14,
          lineHeight: '22px',
          color: bad ? '#b42318' : '#475569',
          overflowWrap: 'anywhere',
        }}
      >
        {sentences.map((sentence, place) => (
          <li key={`${place} ${sentence}`}>{sentence}</li>
        ))}
      </ul>
      {more > 0 ? <Text mt="default">{`And ${number(more)} more.`}</Text> : null}
    </Card>
  );
}

function Meters({ meters }: Pick<NonNullable<DataImport['report']>, 'meters'>) {
  if (meters.length === 0) return null;
  return (
    <Card title={meters.length === 1 ? '1 meter' : `${meters.length} meters`}>
      <div style={{ overflowX: 'auto', maxHeight: 480 }}>
        <table style={TABLE}>
          <thead>
            <tr>
              <th style={HEAD}>Meter</th>
              <th style={HEAD}>Place</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Readings</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>New</th>
              <th style={HEAD}>From</th>
              <th style={HEAD}>To</th>
            </tr>
          </thead>
          <tbody>
            {meters.slice(0, MOST_METERS).map((meter) => (
              <tr key={meter.serial}>
                <td style={CELL}>{meter.serial}</td>
                <td style={CELL}>{meter.place}</td>
                <td style={NUMBER}>{number(meter.readings)}</td>
                <td style={NUMBER}>{number(meter.fresh)}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{local(meter.from, meter.zone)}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{local(meter.to, meter.zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {meters.length > MOST_METERS ? <Text mt="default">{`The first ${MOST_METERS} are shown.`}</Text> : null}
    </Card>
  );
}

function Verdict({ state }: { state: DataImportState }) {
  const { current } = state;
  if (current === null) return null;
  const { report } = current;
  const fresh = report?.meters.reduce((sum, meter) => sum + meter.fresh, 0) ?? 0;
  if (current.state === 'failed') return <Problem sentence={current.problem} />;
  if (current.state === 'done') {
    return (
      <>
        <MessageBox
          variant="success"
          size="sm"
          mb="lg"
          message={`Stored: ${number(fresh)} readings. Their energy is settled in the background.`}
        />
        {current.buildingId ? (
          <Box mb="lg">
            <Link to={`/admin/resources/buildings/records/${current.buildingId}/show`} style={{ color: '#0b6e5f', fontWeight: 600 }}>
              Open the building
            </Link>
          </Box>
        ) : null}
      </>
    );
  }
  if (current.state !== 'checked' || report === null) return null;
  const isGood = report.problemCount === 0;
  return (
    <Card title={isGood ? 'This is what it would do' : 'Nothing can be stored of it'}>
      <Text mb="lg">
        {isGood
          ? `${number(fresh)} new readings. Nothing is stored yet.`
          : `${report.problemCount === 1 ? '1 error' : `${number(report.problemCount)} errors`}: mend ${current.files.length === 1 ? 'the file' : 'the files'} and send ${current.files.length === 1 ? 'it' : 'them'} again. Nothing was stored.`}
      </Text>
      {report.made.length > 0 ? (
        <ul style={{ margin: '0 0 16px', paddingLeft: 20, listStyle: 'disc', fontSize: 14, lineHeight: '22px' }}>
          {report.made.map((thing) => (
            <li key={thing}>{thing}</li>
          ))}
        </ul>
      ) : null}
      <div style={{ display: 'flex', gap: 12, flexWrap: 'wrap' }}>
        {isGood ? <RunButton busy={false} label="Import it" onRun={() => void state.store()} /> : null}
        <Button type="button" variant="outlined" onClick={() => void state.discard()}>
          Discard
        </Button>
      </div>
    </Card>
  );
}

export function ImportResult({ state }: { state: DataImportState }) {
  const { current } = state;
  const place = useRef<HTMLDivElement>(null);
  // The form above it is long.
  useEffect(() => {
    place.current?.scrollIntoView();
  }, [current?.id, current?.state]);
  if (current === null) return null;
  const { report } = current;
  return (
    <Box ref={place} data-testid="import-result" style={{ scrollMarginTop: 16 }}>
      {isRunning(current) ? <Progress label={STEPS[current.step] ?? 'Waiting for the worker'} percent={current.progress} /> : null}
      <Verdict state={state} />
      {report && !isRunning(current) ? (
        <>
          <Sentences
            title="Errors"
            bad
            sentences={report.problems.map(({ place, text }) => (place ? `${place}: ${text}` : text))}
            more={report.problemCount - report.problems.length}
          />
          <Sentences title="Worth knowing" bad={false} sentences={report.notes} more={0} />
          <Meters meters={report.meters} />
        </>
      ) : null}
    </Box>
  );
}

export function RecentImports({ state }: { state: DataImportState }) {
  if (state.recent.length === 0) return null;
  return (
    <Card title="Imports so far">
      <div style={{ overflowX: 'auto' }}>
        <table style={TABLE}>
          <tbody>
            {state.recent.map((one) => (
              <tr key={one.id}>
                <td style={{ ...CELL, minWidth: 140, overflowWrap: 'anywhere' }}>
                  <button
                    type="button"
                    onClick={() => state.open(one)}
                    style={{
                      font: 'inherit',
                      border: 0,
                      padding: 0,
                      background: 'none',
                      color: '#0b6e5f',
                      fontWeight: 600,
                      cursor: 'pointer',
                    }}
                  >
                    {one.files.map(({ name }) => name).join(', ')}
                  </button>
                </td>
                <td style={CELL}>{(one.report?.problemCount ?? 0) > 0 ? 'has errors' : STATES[one.state]}</td>
                <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{moment(one.createdAt)}</td>
                <td style={CELL}>{one.actor}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
