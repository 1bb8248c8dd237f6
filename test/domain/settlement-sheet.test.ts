import { expect, test } from 'vitest';
import { monthlySheet, sheetFileName } from '../../src/domain/settlement-sheet.ts';

const counter = (moment: string, wh: number) => ({ atMs: Date.parse(moment), wh });
const FLAT = {
  id: 1,
  name: '1 left',
  kind: 'consumer',
  consumptionWh: 350,
  gridWh: 300,
  ownWh: [50],
  unreadSlots: 0,
  unknownSlots: 0,
} as const;
const PV = { id: 9, name: 'PV', inSight: true, producedWh: 90, unreadSlots: 0, unknownSlots: 0 };

test('a meter that was exchanged has a row of its own, and the counters of both add up to the energy of the flat', () => {
  const sheet = monthlySheet(
    { slots: 2_976, flats: [{ ...FLAT, ownWh: [...FLAT.ownWh] }], producers: [PV] },
    new Map([
      [
        1,
        [
          { serial: 'NEW', from: counter('2026-01-10T00:00:00Z', 7), to: counter('2026-02-01T00:00:00Z', 257) },
          { serial: 'OLD', from: counter('2026-01-01T00:00:00Z', 1_000), to: counter('2026-01-10T00:00:00Z', 1_100) },
        ],
      ],
    ]),
  );
  const whOf = (row: number, column: number) => {
    const cell = sheet.flats[row]?.[column];
    return cell?.kind === 'kwh' ? cell.wh : null;
  };
  expect(sheet.flats.map((cells) => [cells[1], cells[2]])).toEqual([
    [
      { kind: 'text', text: '1 left' },
      { kind: 'text', text: 'NEW' },
    ],
    [
      { kind: 'text', text: '1 left' },
      { kind: 'text', text: 'OLD' },
    ],
  ]);
  expect([0, 1].reduce((sum, row) => sum + (whOf(row, 3) ?? 0) - (whOf(row, 6) ?? 0), 0)).toBe(350);
  expect([whOf(0, 8), whOf(1, 8)]).toEqual([350, null]);
});

test('each column has a name of its own, whatever producers are called', () => {
  const producers = ['Verbrauch', 'verbrauch', 'SN', 'Roof'].map((name, index) => ({ ...PV, id: index + 1, name }));
  const { heading } = monthlySheet({ slots: 1, flats: [], producers }, new Map());
  expect(heading.slice(-4)).toEqual(['Verbrauch (1)', 'verbrauch (2)', 'SN (3)', 'Roof']);
  expect(new Set(heading.map((name) => name.toLowerCase())).size).toBe(heading.length);
});

test('the file is named after the month that it settles, not the one in which it is made', () => {
  expect(sheetFileName('2026-02', '2026-03-01 01:00:07', 'xlsx')).toBe('mmetering_Feb20260301010007.xlsx');
});
