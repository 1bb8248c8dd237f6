import { Button, SelectAsync } from '@adminjs/design-system';
import { ApiClient } from 'adminjs';
import React, { useEffect, useState } from 'react';
import type { Adopted, UnknownSender } from '../../generated/api-client.ts';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { Field, FIELD, Problem, RunButton } from './shared-parts';

interface Option {
  value: string;
  label: string;
}

async function findMeters(text: string): Promise<Option[]> {
  const records = await new ApiClient().searchRecords({ resourceId: 'meters', query: text });
  return records.map((record) => ({ value: String(record.id), label: `${record.params.serial}  ${record.params.place ?? ''}` }));
}

interface ChoiceProps {
  label: string;
  help?: string;
  value: string;
  of: Option[];
  onChange(value: string): void;
}

function Choice({ label, help, value, of, onChange }: ChoiceProps) {
  return (
    <Field label={label} {...(help ? { help } : {})}>
      <select style={{ ...FIELD, maxWidth: '100%' }} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose</option>
        {of.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

function modelHelp({ kind }: UnknownSender): string {
  if (kind === null) return 'Does the device send its counter, or what was used since the message before? Nothing in a message tells.';
  if (kind === 18 || kind === 21) return 'Proposed by the kind of its messages. It says the units, which the messages do not.';
  return 'Only alarms came so far, which do not tell: single-phase or three-phase?';
}

function NewMeter(props: { sender: UnknownSender; busy: boolean; onAdopt(choice: { flatId: number; modelKey: string }): void }) {
  const { sender, busy, onAdopt } = props;
  const [buildingId, setBuildingId] = useState(sender.source ? String(sender.source.buildingId) : '');
  const [flatId, setFlatId] = useState('');
  const [modelKey, setModelKey] = useState(sender.kind === null ? '' : (sender.model?.proposed ?? ''));
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const flats = useAnswer(buildingId === '' ? null : `flats ${buildingId}`, () =>
    all((cursor) => api.listFlats({ buildingId: Number(buildingId), limit: 500, ...cursor })),
  );
  const models = useAnswer('models', () => all((cursor) => api.listModels({ limit: 500, ...cursor })));
  const fitting = (models.data ?? []).filter(({ message }) =>
    sender.model ? message === sender.model.message : message?.startsWith('etl-') === true,
  );
  const [only, ...others] = buildings.data ?? [];
  useEffect(() => {
    if (buildingId === '' && only && others.length === 0) setBuildingId(String(only.id));
  }, [only?.id]);
  const named = ({ id, name }: { id: number; name: string }): Option => ({ value: String(id), label: name });
  return (
    <>
      <div style={{ display: 'flex', flexWrap: 'wrap', columnGap: 32 }}>
        <Choice
          label="Building"
          {...(sender.source ? { help: `${sender.source.name} pushes for this building only.` } : {})}
          value={buildingId}
          of={(buildings.data ?? []).filter(({ id }) => sender.source === null || id === sender.source.buildingId).map(named)}
          onChange={(id) => {
            setBuildingId(id);
            setFlatId('');
          }}
        />
        <Choice
          label="Flat"
          help="Where it measures: point and installation are made by themselves."
          value={flatId}
          of={(flats.data ?? []).map(named)}
          onChange={setFlatId}
        />
        <Choice
          label="Model"
          help={modelHelp(sender)}
          value={modelKey}
          of={fitting.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={setModelKey}
        />
      </div>
      <RunButton
        busy={busy}
        disabled={flatId === '' || modelKey === ''}
        label="Adopt as a new meter"
        onRun={() => onAdopt({ flatId: Number(flatId), modelKey })}
      />
    </>
  );
}

function KnownMeter({ busy, onAdopt }: { busy: boolean; onAdopt(choice: { meterId: number }): void }) {
  const [meter, setMeter] = useState<Option | null>(null);
  return (
    <>
      <div style={{ maxWidth: 420 }}>
        <Field label="Meter" help="Search by serial number. It gets the sender as another name; its model must fit what is sent.">
          <SelectAsync
            cacheOptions
            defaultOptions
            value={meter}
            loadOptions={findMeters}
            onChange={(option: Option | null) => setMeter(option)}
          />
        </Field>
      </div>
      <RunButton
        busy={busy}
        disabled={meter === null}
        label="Adopt as this meter"
        onRun={() => meter && onAdopt({ meterId: Number(meter.value) })}
      />
    </>
  );
}

const WAYS = { new: 'A new meter in a flat', known: 'A meter that is there already' } as const;

/** Which meter a sender is. */
export function AdoptForm({ sender, onAdopted, onClose }: { sender: UnknownSender; onAdopted(adopted: Adopted): void; onClose(): void }) {
  const [way, setWay] = useState<keyof typeof WAYS>('new');
  const [state, setState] = useState({ busy: false, problem: '' });

  async function adopt(choice: { meterId: number } | { flatId: number; modelKey: string }): Promise<void> {
    setState({ busy: true, problem: '' });
    try {
      onAdopted(await api.adoptSender({ sender: sender.sender, ...choice }));
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  return (
    <>
      <div role="radiogroup" aria-label="Which meter it is" style={{ display: 'flex', flexWrap: 'wrap', gap: 24, marginBottom: 16 }}>
        {(Object.keys(WAYS) as (keyof typeof WAYS)[]).map((each) => (
          <label key={each} style={{ display: 'flex', gap: 8, alignItems: 'center', fontSize: 14 }}>
            <input type="radio" name="way" checked={way === each} onChange={() => setWay(each)} />
            {WAYS[each]}
          </label>
        ))}
      </div>
      <Problem sentence={state.problem} />
      {way === 'new' ? (
        <NewMeter sender={sender} busy={state.busy} onAdopt={(choice) => void adopt(choice)} />
      ) : (
        <KnownMeter busy={state.busy} onAdopt={(choice) => void adopt(choice)} />
      )}
      <Button type="button" variant="text" mt="default" onClick={onClose}>
        Close
      </Button>
    </>
  );
}
