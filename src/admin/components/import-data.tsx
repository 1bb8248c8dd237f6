import { Box, Button, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import { isRunning, useDataImport, type ImportKind } from './shared-data-import';
import { FileChooser } from './shared-file-chooser';
import { ImportResult, Progress, RecentImports } from './shared-import-result';
import { Card, Field, FIELD, Problem } from './shared-parts';

const KINDS: Record<ImportKind, { label: string; about: string; accept: string }> = {
  readings: {
    label: 'Readings of meters that are here',
    about:
      'A CSV file with the heading meter_serial,time,import_kwh,export_kwh; one of the two counters may be missing. Readings that are here already stay as they are.',
    accept: '.csv,.txt',
  },
  mmetering: {
    label: 'A building from mmetering',
    about:
      'A dump as JSON, made with "manage.py dumpdata mmetering". It becomes a building of its own, with flats, meters and all readings.',
    accept: '.json',
  },
};
export function ImportData() {
  const [kind, setKind] = useState<ImportKind>('readings');
  const [file, setFile] = useState<File | null>(null);
  const [zone, setZone] = useState('');
  const [name, setName] = useState('');
  const [noSummerTime, setNoSummerTime] = useState('');
  const [moveStart, setMoveStart] = useState(false);
  const state = useDataImport();
  const busy = state.sent !== null || isRunning(state.current);
  const options =
    kind === 'readings'
      ? { ...(zone.trim() ? { zone: zone.trim() } : {}), moveStart }
      : { zone: zone.trim(), name: name.trim(), ...(noSummerTime.trim() ? { clock: noSummerTime.trim() } : {}) };
  const choose = (chosen: File): void => {
    setFile(chosen);
    setName((given) => given || chosen.name.replace(/\.[^.]*$/, ''));
  };
  return (
    <Box style={{ padding: 'clamp(12px, 3vw, 32px)', maxWidth: 1100 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px', fontWeight: 700, color: '#17242d', marginBottom: 20 }}>Import old data</h1>
      <Card>
        <Field label="What it is">
          <select
            style={{ ...FIELD, maxWidth: '100%' }}
            value={kind}
            aria-label="What it is"
            onChange={(event) => setKind(event.target.value as ImportKind)}
          >
            {Object.entries(KINDS).map(([value, { label }]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        <Text mb="lg" style={{ color: '#475569', maxWidth: 760 }}>
          {`${KINDS[kind].about} You see first what would be stored and every error; all of the file is stored, or nothing.`}
        </Text>
        <FileChooser file={file} busy={busy} accept={KINDS[kind].accept} hint="At most 512 MB. Nothing is stored yet." onFile={choose} />
        <div style={{ display: 'flex', gap: '0 32px', flexWrap: 'wrap' }}>
          {kind === 'mmetering' ? (
            <Field label="Name of the building">
              <input style={FIELD} value={name} aria-label="Name of the building" onChange={(event) => setName(event.target.value)} />
            </Field>
          ) : null}
          <Field
            label="Zone"
            help={kind === 'readings' ? 'Of times without an offset. Empty if all have one.' : 'Where the building stands.'}
          >
            <input
              style={FIELD}
              value={zone}
              placeholder="such as Europe/Berlin"
              aria-label="Zone"
              onChange={(event) => setZone(event.target.value)}
            />
          </Field>
          {kind === 'mmetering' ? (
            <Field label="Zone of the old clock" help="Only where it knew no summer time.">
              <input
                style={FIELD}
                value={noSummerTime}
                placeholder="such as Etc/GMT-1"
                aria-label="Zone of the old clock"
                onChange={(event) => setNoSummerTime(event.target.value)}
              />
            </Field>
          ) : null}
        </div>
        {kind === 'readings' ? (
          <label style={{ display: 'flex', gap: 10, alignItems: 'baseline', marginBottom: 24, fontSize: 14 }}>
            <input type="checkbox" checked={moveStart} onChange={(event) => setMoveStart(event.target.checked)} />
            Let a meter begin with its first reading in the file, where that is earlier
          </label>
        ) : null}
        <Problem sentence={state.problem} />
        {state.sent === null ? (
          <Button
            type="button"
            variant="contained"
            disabled={!file || busy}
            data-testid="check-file"
            onClick={() => file && void state.send({ kind, file, options })}
          >
            Look through the file
          </Button>
        ) : (
          <Progress label="Sending the file" percent={state.sent} />
        )}
      </Card>
      <ImportResult state={state} />
      <RecentImports state={state} />
    </Box>
  );
}
