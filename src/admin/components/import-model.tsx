import { Box, Button, MessageBox, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { ModelImport as Imported } from '../../generated/api-client.ts';
import { FileChooser } from './shared-file-chooser';
import { Difference, Findings } from './shared-model-difference';
import { useModelImport, type ImportState } from './shared-model-import';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

const FORMATS = [
  { value: '', label: 'Recognised by its heading' },
  { value: 'wattbook', label: 'Wattbook (an export, or a file of meters/)' },
  { value: 'emdc', label: 'EMDC workbook (sheet Metrics)' },
  { value: 'emm', label: 'EMM table (registers)' },
];

const LABELS: Record<string, string> = { wattbook: 'Wattbook', emdc: 'EMDC workbook', emm: 'EMM table' };

function Stored({ models }: Pick<Imported, 'models'>) {
  return (
    <>
      <MessageBox variant="success" size="sm" mb="lg" message={models.length === 1 ? 'The model is stored.' : 'The models are stored.'} />
      {models.map(({ id, key, vendor, name }) => (
        <Card key={key}>
          <Link to={`/admin/resources/meter-models/records/${id}/show`} style={{ color: '#0b6e5f', fontWeight: 600 }}>
            {key}
          </Link>
          <Text style={{ color: '#64748b', fontSize: 14 }}>{`${vendor} ${name}`}</Text>
        </Card>
      ))}
    </>
  );
}

function DryRun({ state, onStore }: { state: ImportState; onStore(): void }) {
  const { answer, busy } = state;
  if (answer === null) return null;
  if (answer.stored) return <Stored models={answer.models} />;
  const differs = answer.models.some((model) => model.state !== 'unchanged');
  const replaces = answer.models.some((model) => model.state === 'changed');
  return (
    <Box data-testid="dry-run">
      <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 24, minHeight: 40, marginBottom: 16 }}>
        <Text style={{ color: '#64748b' }}>
          {answer.format ? `Read as ${LABELS[answer.format]}. This is a dry run: nothing is stored yet.` : 'Nothing was read.'}
        </Text>
        {answer.models.length > 0 ? (
          <RunButton busy={busy} danger={replaces} disabled={!differs} label={differs ? 'Store it' : 'Nothing to store'} onRun={onStore} />
        ) : null}
      </div>
      <Findings findings={answer.problems} bad />
      {answer.models.map((model) => (
        <Difference key={model.key} model={model} />
      ))}
      <Findings findings={answer.notes} bad={false} />
    </Box>
  );
}

export function ImportModel() {
  const [file, setFile] = useState<File | null>(null);
  const [key, setKey] = useState('');
  const [format, setFormat] = useState('');
  const state = useModelImport();
  const check = (chosen: File, wanted = format): void => void state.ask({ file: chosen, key: key.trim(), format: wanted }, false);
  return (
    <Box style={{ maxWidth: 1100 }}>
      <Card title="Register maps from a file">
        <Text mb="lg">
          You see first what would change, register by register, and every error with its place. All of the file is stored, or nothing.
        </Text>
        <FileChooser
          file={file}
          busy={state.busy}
          accept=".xlsx,.csv,.txt"
          hint="XLSX or CSV, at most 2 MB. Nothing is stored yet."
          onFile={(chosen) => {
            setFile(chosen);
            check(chosen);
          }}
        />
        <div style={{ display: 'flex', gap: 32, flexWrap: 'wrap' }}>
          <Field label="Key" help="What the model is called here. Empty: the file's name, in an EMM table the type.">
            <input
              style={FIELD}
              value={key}
              placeholder="such as eaton-pxm"
              aria-label="Key"
              onChange={(event) => {
                setKey(event.target.value);
                // What is shown would no longer be what is stored.
                state.forget();
              }}
            />
          </Field>
          <Field label="Format">
            <select
              style={FIELD}
              value={format}
              aria-label="Format"
              onChange={(event) => {
                setFormat(event.target.value);
                if (file) check(file, event.target.value);
              }}
            >
              {FORMATS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <Problem sentence={state.problem} />
        <Button
          type="button"
          variant="outlined"
          disabled={!file || state.busy}
          onClick={() => file && check(file)}
          data-testid="run-action"
        >
          {state.answer ? 'Check again' : 'Check the file'}
        </Button>
      </Card>
      <DryRun state={state} onStore={() => file && void state.ask({ file, key: key.trim(), format }, true)} />
    </Box>
  );
}
