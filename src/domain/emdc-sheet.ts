import { headRow, isHeadedBy, openTable, type Findings, type TableReader } from './table-reader.ts';
import type { CellRow, CellTable } from './cell-table.ts';
import { knownMetric } from './emdc-metric.ts';
import { extraName } from './extra-name.ts';
import type { ImportedModel } from './imported-model.ts';
import type { RegisterSpec, RegisterType } from './meter-model.ts';

const COLUMNS = ['Metric Name', 'Metric Description', 'Metric Address', 'Metric Size', 'Scaling Factor', 'Data Type'] as const;
type Column = (typeof COLUMNS)[number];

const SHEET = 'Metrics';
const TYPES: Record<string, RegisterType> = {
  UINT8: 'uint8',
  INT8: 'int8',
  UINT16: 'uint16',
  INT16: 'int16',
  UINT32: 'uint32',
  INT32: 'int32',
  UINT64: 'uint64',
  INT64: 'int64',
  FLOAT32: 'float32',
  FLOAT64: 'float64',
};

/** Where what is wrong with a register stands in the sheet. */
const COLUMN_OF: Partial<Record<keyof RegisterSpec, Column>> = {
  address: 'Metric Address',
  words: 'Metric Size',
  scale: 'Scaling Factor',
  type: 'Data Type',
  description: 'Metric Description',
};

export function isEmdcTable(table: CellTable): boolean {
  return isHeadedBy(table, ['Metric Name', 'Metric Address']);
}

/** EMDC reads the sheet `Metrics`; a workbook with one sheet of this kind under another name is meant as well. */
export function findEmdcTable(tables: readonly CellTable[], findings: Findings): CellTable | null {
  const candidates = tables.filter(isEmdcTable);
  const named = tables.find(({ sheet }) => sheet?.toLowerCase() === SHEET.toLowerCase());
  if (named !== undefined) return named;
  const [only, ...more] = candidates;
  if (only !== undefined && more.length === 0) return only;
  const names = tables.map(({ sheet }) => sheet ?? 'the text').join(', ');
  findings.problems.push({ sheet: null, line: 0, letter: null, column: '', text: `there is no sheet ${SHEET}; the file has ${names}` });
  return null;
}

/** A register map of EMDC: function 3, high word and high byte first, reading stops at the first empty name. */
export function parseEmdcTable(table: CellTable, file: string, findings: Findings): ImportedModel | null {
  const reader = openTable(table, COLUMNS, findings);
  if (reader === null) return null;
  const end = reader.rows.findIndex((row) => reader.read(row, 'Metric Name') === '');
  const rows = end === -1 ? reader.rows : reader.rows.slice(0, end);
  if (rows.length === 0) {
    const line = (headRow(table)?.line ?? 0) + 1;
    findings.problems.push({ sheet: table.sheet, line, letter: null, column: 'Metric Name', text: 'is empty, so there are no metrics' });
  }
  const registers = rows.map((row) => readMetric(row, reader, file));
  return {
    registers,
    report: (index, field, problem) => {
      const row = rows[index];
      if (row !== undefined) reader.report(row, COLUMN_OF[field] ?? 'Metric Name', problem);
    },
  };
}

function readMetric(row: CellRow, reader: TableReader<Column>, file: string): RegisterSpec {
  const cell = (column: Column) => reader.read(row, column);
  const number = (column: Column, pattern: RegExp, what: string): number => {
    const text = cell(column);
    if (!pattern.test(text)) reader.report(row, column, text === '' ? `is empty: it must be ${what}` : `"${text}" is not ${what}`);
    return Number(text);
  };
  const name = cell('Metric Name');
  const description = cell('Metric Description');
  const known = knownMetric(name);
  const quantity = known?.quantity ?? extraName(name);
  if (known === null) reader.note(row, 'Metric Name', `${name} is no standard quantity: it is kept as ${quantity}, without a unit`);
  return {
    quantity,
    unit: known?.unit ?? '',
    address: number('Metric Address', /^\d+$/, 'a whole number'),
    function: 3,
    type: readType(row, reader, quantity),
    words: number('Metric Size', /^\d+$/, 'a whole number'),
    wordOrder: 'big',
    byteOrder: 'big',
    scale: number('Scaling Factor', /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/, 'a number'),
    scaleBy: '',
    offset: 0,
    invalid: '',
    ratio: known !== null && /\(secondary\)/i.test(description) ? known.ratio : 'none',
    counter: null,
    writable: '',
    description,
    source: `EMDC workbook ${file}: ${name}`,
  };
}

function readType(row: CellRow, reader: TableReader<Column>, quantity: string): RegisterType {
  const text = reader.read(row, 'Data Type').toUpperCase();
  const type = TYPES[text];
  if (type === undefined) {
    const why = text === 'STRING' ? 'a text is no measured value: leave the row out' : `it must be one of ${Object.keys(TYPES).join(', ')}`;
    reader.report(row, 'Data Type', `"${text}" cannot be read; ${why}`);
  }
  // A factor below 0 is power that is fed in; in a UINT16 it would be one above 60.
  if (type === 'uint16' && quantity.startsWith('power_factor_')) {
    reader.note(row, 'Data Type', 'a power factor can be negative: it is read as INT16');
    return 'int16';
  }
  return type ?? 'int16';
}
