import { Loader, Text } from '@adminjs/design-system';
import { useNotice, type ActionProps } from 'adminjs';
import React, { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { all, api, troubleOf, useAnswer, type Trouble } from './shared-api';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';
import { Bands, ITALIAN, type Band } from './shared-tariff-bands';

interface Form {
  name: string;
  validFrom: string;
  currency: string;
  basePrice: string;
  basePer: 'month' | 'day';
  energyPrice: string;
  ownPrice: string;
  vatPercent: string;
  bandsOf: 'week' | 'italy';
  bands: Band[];
  /** By producer; empty: the price of all own production. */
  ownPrices: Record<number, string>;
}

const EMPTY: Form = {
  name: '',
  validFrom: '',
  currency: 'EUR',
  basePrice: '0',
  basePer: 'month',
  energyPrice: '',
  ownPrice: '',
  vatPercent: '19',
  bandsOf: 'week',
  bands: [],
  ownPrices: {},
};

async function readForm(id: number): Promise<{ form: Form; buildingId: number }> {
  const { buildingId, ownPrices, ...tariff } = await api.readTariff({ tariffId: id });
  const own = Object.fromEntries(ownPrices.map(({ producerId, price }) => [producerId, price]));
  const { name, validFrom, currency, basePrice, basePer, energyPrice, ownPrice, vatPercent, bandsOf, bands } = tariff;
  return {
    buildingId,
    form: { name, validFrom, currency, basePrice, basePer, energyPrice, ownPrice, vatPercent, bandsOf, bands, ownPrices: own },
  };
}

const TEXTS = ['name', 'validFrom', 'currency', 'basePrice', 'energyPrice', 'ownPrice', 'vatPercent'] as const;

const WORDS: Record<(typeof TEXTS)[number], { label: string; help: string }> = {
  name: { label: 'Name', help: 'As on the bill, such as “House electricity 2026”.' },
  validFrom: { label: 'Valid from', help: 'The first day. It holds until the next tariff of the building begins.' },
  currency: { label: 'Currency', help: 'Three letters, such as EUR or CHF.' },
  basePrice: { label: 'Base price', help: 'What a flat pays whatever it uses. 0 for none.' },
  energyPrice: { label: 'A kWh from the grid', help: 'Outside of all bands.' },
  ownPrice: { label: 'A kWh of own production', help: 'What the roof and the block of the building make.' },
  vatPercent: { label: 'VAT in per cent', help: 'All prices here are without it. 0 for none.' },
};

export function TariffForm({ record }: ActionProps) {
  const navigate = useNavigate();
  const notice = useNotice();
  const asked = Number(new URLSearchParams(useLocation().search).get('buildingId'));
  const id = record ? Number(record.id) : null;
  const [form, setForm] = useState<Form>(EMPTY);
  const [buildingId, setBuildingId] = useState(asked);
  const [state, setState] = useState<{ busy: boolean; trouble: Trouble | null }>({ busy: false, trouble: null });
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const before = useAnswer(id === null ? null : `tariff ${id}`, () => readForm(id ?? 0));
  const producers = useAnswer(buildingId > 0 ? `flats ${buildingId}` : null, async () =>
    (await all((cursor) => api.listFlats({ buildingId, limit: 500, ...cursor }))).filter(({ kind }) => kind === 'producer'),
  );
  useEffect(() => {
    if (!before.data) return;
    setForm(before.data.form);
    setBuildingId(before.data.buildingId);
  }, [before.data]);
  useEffect(() => {
    const [first] = buildings.data ?? [];
    if (first && buildingId === 0 && id === null) setBuildingId(first.id);
  }, [buildings.data]);

  async function save(): Promise<void> {
    setState({ busy: true, trouble: null });
    const ownPrices = Object.entries(form.ownPrices)
      .filter(([, price]) => price.trim() !== '')
      .map(([producerId, price]) => ({ producerId: Number(producerId), price }));
    const bands = form.bands.map(({ name, price, ...times }) => (form.bandsOf === 'italy' ? { name, price } : { name, price, ...times }));
    try {
      const body = { ...form, bands, ownPrices };
      const saved = id === null ? await api.createTariff({ buildingId, ...body }) : await api.changeTariff({ tariffId: id }, body);
      notice({ message: 'Saved.', type: 'success' });
      navigate(`/admin/resources/tariffs/records/${saved.id}/show`);
    } catch (err) {
      setState({ busy: false, trouble: troubleOf(err) });
    }
  }

  function chooseBands(bandsOf: Form['bandsOf']): void {
    const bands = bandsOf === 'italy' ? ITALIAN.map((name) => ({ name, weekdays: [], from: '', to: '', price: '' })) : [];
    setForm({ ...form, bandsOf, bands });
  }

  if (id !== null && !before.data) return before.trouble ? <Problem sentence={before.trouble.sentence} /> : <Loader />;
  if (buildings.data?.length === 0) return <Card>There is no building yet. Make one first: a tariff belongs to it.</Card>;
  const wrong = state.trouble?.fields ?? {};
  const ofBands = Object.entries(wrong).find(([field]) => field.startsWith('bands'))?.[1] ?? '';
  const text = (name: (typeof TEXTS)[number], type = 'text') => (
    <Field key={name} {...WORDS[name]}>
      <input
        style={wrong[name] ? { ...FIELD, borderColor: '#b42318' } : FIELD}
        type={type}
        aria-label={WORDS[name].label}
        value={form[name]}
        onChange={(event) => setForm({ ...form, [name]: event.target.value })}
      />
      {wrong[name] ? <Text style={{ color: '#b42318', fontSize: 13 }}>{wrong[name]}</Text> : null}
    </Field>
  );
  const GRID: React.CSSProperties = { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))', columnGap: 32 };
  return (
    <Card title={id === null ? 'A new tariff' : `Change ${record?.title}`}>
      <Text mb="lg">
        {id === null
          ? 'What the flats of a building pay. All prices are without VAT.'
          : 'Open bills follow by themselves. Bills that were issued keep their prices; a new run of their days asks for the difference.'}
      </Text>
      <div style={GRID}>
        {id === null ? (
          <Field label="Building">
            <select style={FIELD} aria-label="Building" value={buildingId} onChange={(event) => setBuildingId(Number(event.target.value))}>
              {(buildings.data ?? []).map(({ id: value, name }) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
        ) : null}
        {text('name')}
        {text('validFrom', 'date')}
        {text('energyPrice')}
        {text('ownPrice')}
        {text('basePrice')}
        <Field label="Base price per">
          <select
            style={FIELD}
            aria-label="Base price per"
            value={form.basePer}
            onChange={(event) => setForm({ ...form, basePer: event.target.value as Form['basePer'] })}
          >
            <option value="month">month, its days in proportion</option>
            <option value="day">day</option>
          </select>
        </Field>
        {text('vatPercent')}
        {text('currency')}
      </div>
      <Field
        label="Other prices at some times"
        help={
          form.bandsOf === 'week'
            ? 'A band has its price on its weekdays from one time to another, also over midnight. Where two meet, the upper one holds.'
            : 'F1, F2 and F3 as the Italian regulator has them: workdays, evenings and Saturdays, nights and holidays.'
        }
      >
        <select
          style={FIELD}
          aria-label="Bands"
          value={form.bandsOf}
          onChange={(event) => chooseBands(event.target.value as Form['bandsOf'])}
        >
          <option value="week">Bands by weekday and clock</option>
          <option value="italy">F1, F2, F3 (Italy)</option>
        </select>
      </Field>
      <Bands kind={form.bandsOf} bands={form.bands} onChange={(bands) => setForm({ ...form, bands })} />
      <Problem sentence={ofBands} />
      {(producers.data ?? []).length > 1 ? (
        <div style={GRID}>
          {(producers.data ?? []).map(({ id: producerId, name }) => (
            <Field key={producerId} label={`A kWh of ${name}`} help="Empty: as all own production.">
              <input
                style={FIELD}
                aria-label={`A kWh of ${name}`}
                value={form.ownPrices[producerId] ?? ''}
                onChange={(event) => setForm({ ...form, ownPrices: { ...form.ownPrices, [producerId]: event.target.value } })}
              />
            </Field>
          ))}
        </div>
      ) : null}
      <Problem sentence={ofBands === '' ? (state.trouble?.sentence ?? '') : ''} />
      <RunButton busy={state.busy} disabled={buildingId === 0} label="Save" onRun={() => void save()} />
    </Card>
  );
}
