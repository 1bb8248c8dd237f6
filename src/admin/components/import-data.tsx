import { Box, Button, Text } from '@adminjs/design-system';
import React, { useState } from 'react';
import { all, api, useAnswer } from './shared-api';
import { isRunning, useDataImport, type ChosenFiles, type ImportKind } from './shared-data-import';
import { ImportFiles } from './shared-import-files';
import { KINDS } from './shared-import-kinds';
import { ImportResult, Progress, RecentImports } from './shared-import-result';
import { Card, Field, FIELD, Problem } from './shared-parts';

const EMPTY = { zone: '', name: '', clock: '', modelKey: '' };

function ModelChoice({ value, onChoose }: { value: string; onChoose(key: string): void }) {
  const models = useAnswer('models', () => all((cursor) => api.listModels({ limit: 500, ...cursor })));
  if (models.trouble) return <Problem sentence={models.trouble.sentence} />;
  const named = (models.data ?? []).map((model) => ({ key: model.key, label: `${model.vendor} ${model.name}` }));
  return (
    <Field label="Model" help="Of the panels: all become meters of this model.">
      <select style={{ ...FIELD, maxWidth: '100%' }} value={value} aria-label="Model" onChange={(event) => onChoose(event.target.value)}>
        <option value="">{models.data ? 'Choose a model' : 'Looking up the models'}</option>
        {named
          .toSorted((one, other) => one.label.localeCompare(other.label))
          .map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
      </select>
    </Field>
  );
}

export function ImportData() {
  const [kind, setKind] = useState<ImportKind>('readings');
  const [files, setFiles] = useState<ChosenFiles>({});
  const [form, setForm] = useState(EMPTY);
  const [moveStart, setMoveStart] = useState(false);
  const state = useDataImport();
  const busy = state.sent !== null || isRunning(state.current);
  const { about, files: wanted, makesBuilding, clock, asksModel } = KINDS[kind];
  const what = wanted.length === 1 ? 'file' : 'files';
  const missing = wanted.filter(({ role, isOptional }) => !isOptional && !files[role]);
  const change = (part: Partial<typeof EMPTY>): void => setForm((given) => ({ ...given, ...part }));
  const choose = (role: string, file: File | null): void => {
    setFiles(({ [role]: _, ...others }) => (file ? { ...others, [role]: file } : others));
    if (file && wanted.length === 1) setForm((given) => ({ ...given, name: given.name || file.name.replace(/\.[^.]*$/, '') }));
  };
  const send = (): void => {
    const [zone, name, ownClock] = [form.zone.trim(), form.name.trim(), form.clock.trim()];
    const options = makesBuilding
      ? { zone, name, ...(clock && ownClock ? { clock: ownClock } : {}), ...(asksModel ? { modelKey: form.modelKey } : {}) }
      : { ...(zone ? { zone } : {}), moveStart };
    const chosen = wanted.flatMap(({ role }) => (files[role] ? [[role, files[role]] as const] : []));
    void state.send({ kind, files: Object.fromEntries(chosen), options });
  };
  const input = (name: keyof typeof EMPTY, { label, help, placeholder }: { label: string; help?: string; placeholder?: string }) => (
    <Field label={label} {...(help ? { help } : {})}>
      <input
        style={FIELD}
        value={form[name]}
        placeholder={placeholder}
        aria-label={label}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
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
          {`${about} You see first what would be stored and every error; all of ${wanted.length === 1 ? 'the file' : 'it'} is stored, or nothing.`}
        </Text>
        <ImportFiles kind={kind} chosen={files} busy={busy} onChoose={choose} />
        <div style={{ display: 'flex', gap: '0 32px', flexWrap: 'wrap' }}>
          {makesBuilding ? input('name', { label: 'Name of the building' }) : null}
          {input('zone', {
            label: 'Zone',
            help: makesBuilding ? 'Where the building stands.' : 'Of times without an offset. Empty if all have one.',
            placeholder: 'such as Europe/Berlin',
          })}
          {clock ? input('clock', clock) : null}
          {asksModel ? <ModelChoice value={form.modelKey} onChoose={(modelKey) => change({ modelKey })} /> : null}
        </div>
        {kind === 'readings' ? (
          <label style={{ display: 'flex', gap: 10, alignItems: 'baseline', marginBottom: 24, fontSize: 14 }}>
            <input type="checkbox" checked={moveStart} onChange={(event) => setMoveStart(event.target.checked)} />
            Let a meter begin with its first reading in the file, where that is earlier
          </label>
        ) : null}
        <Problem sentence={state.problem} />
        {state.sent === null ? (
          <div style={{ display: 'flex', gap: '12px 16px', alignItems: 'center', flexWrap: 'wrap' }}>
            <Button type="button" variant="contained" disabled={missing.length > 0 || busy} data-testid="check-file" onClick={send}>
              {`Look through the ${what}`}
            </Button>
            {wanted.length > 1 ? (
              <Text style={{ color: '#64748b', fontSize: 13 }}>
                {missing.length > 0
                  ? `Still to choose: ${missing.map(({ label }) => label).join(', ')}.`
                  : 'At most 512 MB together. Nothing is stored yet.'}
              </Text>
            ) : null}
          </div>
        ) : (
          <Progress label={`Sending the ${what}`} percent={state.sent} />
        )}
      </Card>
      <ImportResult state={state} />
      <RecentImports state={state} />
    </Box>
  );
}
