import { formatMicro } from '../../domain/money.ts';
import { addToDay, localDay } from '../../domain/time-bucket.ts';
import { billRunsWithin, billsWithin } from '../../store/reach.ts';
import { dayOf } from '../../store/sql-time.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import { at, MADE } from './words.ts';

const lastDay = (after: Date) => addToDay(dayOf(after), { days: -1 });

export function billRuns(): ResourceSpec {
  return {
    id: 'bill-runs',
    model: 'BillRun',
    label: 'Bill runs',
    one: 'Bill run',
    group: 'Bills',
    title: 'title',
    read: 'bill:run',
    change: null,
    within: billRunsWithin,
    list: ['title', 'state', 'bills', 'issued', 'createdAt', 'actor'],
    show: ['title', 'buildingId', 'fromDay'],
    filter: ['buildingId', 'state', 'fromDay'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      buildingId: { label: 'Building' },
      fromDay: { label: 'First day' },
      createdAt: MADE,
      actor: { label: 'Asked for by' },
    },
    computed: {
      title: {
        label: 'Building and days',
        select: () => ({ fromDay: true, toDay: true, building: { select: { name: true } } }),
        value: (row) => `${at(row, 'building', 'name')}, ${dayOf(row['fromDay'] as Date)} to ${lastDay(row['toDay'] as Date)}`,
        search: (text) => ({ building: { name: { contains: text } } }),
      },
      bills: { label: 'Bills', select: () => ({ bills: { select: { state: true } } }), value: (row) => billsOf(row).length },
      issued: {
        label: 'Issued',
        select: () => ({ bills: { select: { state: true } } }),
        value: (row) => billsOf(row).filter(({ state }) => state === 'issued').length,
      },
    },
    page: 'BillRun',
    listActions: [{ name: 'new-bills', label: 'New bills', icon: 'Plus', component: 'MakeBills', permission: 'bill:run' }],
    empty: 'No bills were made yet. Make those of the last month: choose a building, and see at once whether anything stands in the way.',
  };
}

function billsOf(row: Row): { state: string }[] {
  return row['bills'] as { state: string }[];
}

const zoneOf = (row: Row) => at(row, 'building', 'zone') || 'UTC';

export function bills(): ResourceSpec {
  return {
    id: 'bills',
    model: 'Bill',
    label: 'Bills',
    one: 'Bill',
    group: 'Bills',
    title: 'title',
    read: 'bill:read',
    change: null,
    within: billsWithin,
    list: ['number', 'flatName', 'party', 'days', 'used', 'total', 'state'],
    show: ['title', 'buildingId', 'flatId', 'runId', 'fromAt'],
    filter: ['buildingId', 'flatId', 'party', 'state', 'fromAt', 'number', 'runId'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      buildingId: { label: 'Building' },
      flatId: { label: 'Flat' },
      flatName: { label: 'Flat' },
      runId: { label: 'Bill run' },
      number: { label: 'No.' },
      fromAt: { label: 'Begins', help: 'The first moment that is billed.' },
    },
    computed: {
      title: {
        label: 'Bill',
        select: () => ({ number: true, flatName: true, party: true }),
        value: (row) =>
          `${row['number'] === null ? 'Open bill' : `Bill ${at(row, 'number')}`}, ${at(row, 'flatName')}, ${at(row, 'party')}`,
      },
      days: {
        label: 'Days',
        select: () => ({ fromAt: true, toAt: true, building: { select: { zone: true } } }),
        value: (row) => {
          const [from, to] = [row['fromAt'] as Date, row['toAt'] as Date];
          return `${localDay(from.getTime(), zoneOf(row))} to ${localDay(to.getTime() - 1, zoneOf(row))}`;
        },
      },
      used: {
        label: 'Used (kWh)',
        select: () => ({ consumptionWh: true }),
        value: (row) => (Number(row['consumptionWh']) / 1_000).toFixed(1),
      },
      total: {
        label: 'Total',
        select: () => ({ totalMicro: true, currency: true }),
        value: (row) => `${formatMicro(row['totalMicro'] as bigint)} ${at(row, 'currency')}`,
      },
    },
    page: 'Bill',
    empty: 'There are no bills yet. They are made by a bill run: see Bill runs.',
  };
}
