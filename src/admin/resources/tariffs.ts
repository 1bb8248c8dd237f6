import { formatMicro } from '../../domain/money.ts';
import { tariffsWithin } from '../../store/reach.ts';
import { dayOf } from '../../store/sql-time.ts';
import type { Deps } from '../../use-cases/access.ts';
import { deleteTariff } from '../../use-cases/delete-tariff.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import { at, CHANGED, MADE } from './words.ts';

const priced = (label: string, column: string, per: string) => ({
  label,
  select: () => ({ [column]: true, currency: true, basePer: true }),
  value: (row: Row) => `${formatMicro(row[column] as bigint)} ${at(row, 'currency')} per ${per === 'base' ? at(row, 'basePer') : per}`,
});

interface ShownBand {
  name: string;
  weekdays: number[];
  from: string;
  to: string;
  price: string;
}

const DAYS = ['', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

function bandSentence(row: Row): string {
  const bands = row['bands'] as ShownBand[];
  const isWeek = row['bandsOf'] === 'week';
  const told = bands.map(({ name, weekdays, from, to, price }) => {
    const days = weekdays.length === 7 ? 'daily' : weekdays.map((day) => DAYS[day]).join(' ');
    return `${name}${isWeek ? ` (${days} ${from} to ${to})` : ''}: ${price}`;
  });
  return told.length === 0 ? 'None: one price at all times' : told.join('; ');
}

export function tariffs(deps: Deps): ResourceSpec {
  return {
    id: 'tariffs',
    model: 'Tariff',
    label: 'Tariffs',
    one: 'Tariff',
    group: 'Bills',
    title: 'name',
    read: 'tariff:read',
    change: 'tariff:change',
    within: tariffsWithin,
    list: ['name', 'buildingId', 'from', 'energy', 'own', 'base', 'vat'],
    show: ['name', 'buildingId', 'from', 'energy', 'bands', 'own', 'base', 'vat', 'createdAt', 'updatedAt'],
    filter: ['buildingId', 'name'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      buildingId: { label: 'Building' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      from: { label: 'Valid from', select: () => ({ validFrom: true }), value: (row) => dayOf(row['validFrom'] as Date) },
      energy: priced('From the grid', 'energyPriceMicro', 'kWh'),
      own: priced('Own production', 'ownPriceMicro', 'kWh'),
      base: priced('Base price', 'basePriceMicro', 'base'),
      vat: { label: 'VAT', select: () => ({ vatBasisPoints: true }), value: (row) => `${Number(row['vatBasisPoints']) / 100} %` },
      bands: { label: 'Bands', select: () => ({ bands: true, bandsOf: true }), value: bandSentence },
    },
    listActions: [{ name: 'new-tariff', label: 'New tariff', icon: 'Plus', component: 'TariffForm', permission: 'tariff:change' }],
    actions: [{ name: 'change', label: 'Change', icon: 'Edit', component: 'TariffForm', permission: 'tariff:change', input: [] }],
    empty: 'There is no tariff yet. Bills need one: what a kWh costs, from which day on. Make the first one.',
    onRemove: (actor, id) => deleteTariff(deps, actor, { id: Number(id) }),
  };
}
