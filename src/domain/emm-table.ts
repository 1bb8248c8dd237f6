import { isHeadedBy, openTable, type Findings, type TableReader } from './table-reader.ts';
import { isEmptyRow, type CellRow, type CellTable } from './cell-table.ts';
import { measurementOf, unitOfEmm } from './emm-measurement.ts';
import type { ImportedModel } from './imported-model.ts';
import type { ModbusFunction, Order, RegisterSpec, RegisterType } from './meter-model.ts';
import { unitFactor } from './unit.ts';

const COLUMNS = [
  'type',
  'register_address',
  'measurement_name',
  'data_unit',
  'data_type',
  'function_code',
  'word_order',
  'byte_order',
] as const;
type Column = (typeof COLUMNS)[number];

const TYPES: readonly (readonly [string[], { type: RegisterType; words: number }])[] = [
  [['1', 'INT'], { type: 'int16', words: 1 }],
  [['2', 'LONG'], { type: 'int32', words: 2 }],
  [['3', 'FLOAT'], { type: 'float32', words: 2 }],
];
const FUNCTIONS: readonly (readonly [string[], ModbusFunction])[] = [
  [['3'], 3],
  [['4'], 4],
];
const ORDERS: readonly (readonly [string[], Order])[] = [
  [['1', 'LITTLE'], 'little'],
  [['2', 'BIG'], 'big'],
];

const COLUMN_OF: Partial<Record<keyof RegisterSpec, Column>> = {
  address: 'register_address',
  unit: 'data_unit',
  type: 'data_type',
  words: 'data_type',
};

export function isEmmTable(table: CellTable): boolean {
  return isHeadedBy(table, ['register_address', 'measurement_name']);
}

/** EMM's table `registers`: each `type` in it is a model. */
export function parseEmmTable(table: CellTable, file: string, findings: Findings): Map<string, ImportedModel> | null {
  const reader = openTable(table, COLUMNS, findings);
  if (reader === null) return null;
  const rows = reader.rows.filter((row) => !isEmptyRow(row));
  if (rows.length === 0) findings.problems.push({ sheet: table.sheet, line: 0, letter: null, column: '', text: 'there are no registers' });
  const groups = new Map<string, CellRow[]>();
  for (const row of rows) {
    const type = reader.read(row, 'type');
    if (type === '') reader.report(row, 'type', 'is empty: it must name the model');
    groups.set(type, [...(groups.get(type) ?? []), row]);
  }
  return new Map(
    [...groups].map(([type, ofType]) => [
      type,
      {
        registers: ofType.map((row) => readRegister(row, reader, file)),
        report: (index, field, problem) => {
          const row = ofType[index];
          if (row !== undefined) reader.report(row, COLUMN_OF[field] ?? 'measurement_name', problem);
        },
      },
    ]),
  );
}

function readRegister(row: CellRow, reader: TableReader<Column>, file: string): RegisterSpec {
  const one = <T>(column: Column, allowed: readonly (readonly [string[], T])[], absent: T): T => {
    const text = reader.read(row, column);
    const found = allowed.find(([names]) => names.includes(text.toUpperCase()));
    if (found === undefined) reader.report(row, column, `"${text}" is not one of ${allowed.map(([names]) => names.join(' ')).join(', ')}`);
    return found?.[1] ?? absent;
  };
  const address = reader.read(row, 'register_address');
  if (!/^\d+$/.test(address)) reader.report(row, 'register_address', `"${address}" is not a whole number`);
  const name = reader.read(row, 'measurement_name');
  const { quantity, counter, standard } = measurementOf(name);
  if (!standard) reader.note(row, 'measurement_name', `${name} is no standard quantity: it is kept as ${quantity}`);
  return {
    quantity,
    unit: readUnit(row, reader, quantity, standard),
    address: Number(address),
    function: one('function_code', FUNCTIONS, 3),
    ...one('data_type', TYPES, { type: 'int16', words: 1 }),
    wordOrder: one('word_order', ORDERS, 'big'),
    byteOrder: one('byte_order', ORDERS, 'big'),
    scale: 1,
    scaleBy: '',
    offset: 0,
    invalid: '',
    ratio: 'none',
    counter,
    writable: '',
    description: '',
    source: `EMM table ${file}: ${name}`,
  };
}

function readUnit(row: CellRow, reader: TableReader<Column>, quantity: string, standard: boolean): string {
  const unit = unitOfEmm(reader.read(row, 'data_unit'));
  if (standard || unitFactor(quantity, unit) !== null) return unit;
  reader.note(row, 'data_unit', `the unit ${unit} is not known here: the value is kept without one`);
  return '';
}
