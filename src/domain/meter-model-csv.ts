import { formatCsvRow, parseCsvText, type CsvRow } from './csv-text.ts';
import { baseKeyOf, formatModelHeader, splitModelHeader, type ModelCsvError } from './meter-model-header.ts';
import { REGISTER_TYPES, type MeterModel, type ModbusFunction, type RegisterSpec } from './meter-model.ts';
import { checkRegisters } from './register-check.ts';

export type ParsedModel = { ok: true; model: MeterModel } | { ok: false; errors: ModelCsvError[] };

const COLUMNS = [
  'quantity',
  'unit',
  'address',
  'function',
  'type',
  'words',
  'word_order',
  'byte_order',
  'scale',
  'offset',
  'invalid',
  'ratio',
  'counter',
  'writable',
  'description',
  'source',
] as const;
type Column = (typeof COLUMNS)[number];

const FUNCTIONS: readonly ModbusFunction[] = [1, 2, 3, 4];
const ORDERS = ['big', 'little'] as const;
const RATIOS = ['none', 'ct', 'pt', 'ct*pt'] as const;
const COUNTERS = ['lifetime', 'daily', 'delta'] as const;

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const SCALED_BY = /^(?:(.+)\*)?10\^([a-z][a-z0-9_]*)$/;

type Report = (column: string, problem: string) => void;

/**
 * A model's file: lines `# key: value`, then a table. Wrong in one place, refused whole, with every error by line and
 * column. `base` is the model that its line `# extends:` names.
 */
export function parseMeterModel(key: string, text: string, base: MeterModel | null = null): ParsedModel {
  const errors: ModelCsvError[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(key) || key.length > 80) {
    errors.push({ line: 0, column: 'key', problem: `the file's name "${key}" must be lower-case letters and digits with - between them` });
  }
  const { header, extendsLine, body, firstLine } = splitModelHeader(text.replace(/^\uFEFF/, ''), base, errors);
  if (extendsLine !== null && base === null) {
    const problem = `there is no model "${baseKeyOf(text) ?? ''}" to take registers from`;
    return { ok: false, errors: [{ line: extendsLine, column: 'extends', problem }] };
  }
  const table = parseCsvText(body, firstLine);
  if (!table.ok) {
    errors.push({ line: table.line, column: COLUMNS[table.position - 1] ?? String(table.position), problem: table.problem });
    return { ok: false, errors };
  }
  const [columnRow, ...rows] = table.rows;
  const columns = columnPlaces(columnRow, firstLine, errors);
  if (columns === null) return { ok: false, errors };
  if (rows.length === 0 && base === null) errors.push({ line: firstLine, column: '', problem: 'there are no registers' });

  const own = rows.flatMap((row) => readRow(row, columns, base, errors) ?? []);
  const placed = withInherited(base, own, header.manual);
  const model: MeterModel = { key, ...header, registers: placed.map(({ spec }) => spec) };
  if (own.length === rows.length) {
    for (const { index, field, problem } of checkRegisters(model)) {
      const inherited = `${model.registers[index]?.quantity} of ${base?.key}: `;
      const line = placed[index]?.line ?? null;
      if (line === null) errors.push({ line: extendsLine ?? 1, column: 'extends', problem: inherited + problem });
      else errors.push({ line, column: field === 'scaleBy' ? 'scale' : snakeCase(field), problem });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, model };
}

interface OwnRow {
  line: number;
  quantity: string;
  /** Null: the quantity of the base is not there in this model. */
  spec: RegisterSpec | null;
}

interface PlacedRegister {
  spec: RegisterSpec;
  /** Null when it comes from the base. */
  line: number | null;
}

/** The base's registers, each replaced or left out where the file has the same quantity, then what only the file has. */
function withInherited(base: MeterModel | null, own: readonly OwnRow[], manual: string): PlacedRegister[] {
  const placed = (row: OwnRow): PlacedRegister[] => (row.spec === null ? [] : [{ spec: row.spec, line: row.line }]);
  if (base === null) return own.flatMap(placed);
  const known = new Set(base.registers.map((spec) => spec.quantity));
  // What the file names as its manual is what says that the layout is the same.
  const because = manual === base.manual ? '' : `${manual}; `;
  const inherited = base.registers.flatMap((spec): PlacedRegister[] => {
    const rows = own.filter((row) => row.quantity === spec.quantity);
    if (rows.length > 0) return rows.flatMap(placed);
    return [{ spec: { ...spec, source: `${because}layout of ${base.key}: ${spec.source}` }, line: null }];
  });
  return [...inherited, ...own.filter((row) => !known.has(row.quantity)).flatMap(placed)];
}

export function formatMeterModel(model: MeterModel): string {
  const rows = model.registers.map((spec) => {
    const cells: Record<Column, string> = {
      quantity: spec.quantity,
      unit: spec.unit,
      address: String(spec.address),
      function: String(spec.function),
      type: spec.type,
      words: String(spec.words),
      word_order: spec.wordOrder,
      byte_order: spec.byteOrder,
      scale: formatScale(spec),
      offset: String(spec.offset),
      invalid: spec.invalid,
      ratio: spec.ratio,
      counter: spec.counter ?? '',
      writable: spec.writable,
      description: spec.description,
      source: spec.source,
    };
    return formatCsvRow(COLUMNS.map((column) => cells[column]));
  });
  return [formatModelHeader(model), formatCsvRow(COLUMNS), ...rows].join('');
}

function columnPlaces(row: CsvRow | undefined, firstLine: number, errors: ModelCsvError[]): Map<Column, number> | null {
  const line = row?.line ?? firstLine;
  const names = row?.cells.map((cell) => cell.trim()) ?? [];
  const before = errors.length;
  for (const column of COLUMNS) if (!names.includes(column)) errors.push({ line, column, problem: 'the column is missing' });
  names.forEach((name, place) => {
    if (!COLUMNS.some((column) => column === name))
      errors.push({ line, column: name || String(place + 1), problem: 'the column is not known' });
    else if (names.indexOf(name) !== place) errors.push({ line, column: name, problem: 'the column is there twice' });
  });
  return errors.length > before ? null : new Map(COLUMNS.map((column) => [column, names.indexOf(column)]));
}

function readRow(row: CsvRow, columns: Map<Column, number>, base: MeterModel | null, errors: ModelCsvError[]): OwnRow | null {
  const before = errors.length;
  const report: Report = (column, problem) => errors.push({ line: row.line, column, problem });
  if (row.cells.length !== columns.size) {
    report('', `there are ${row.cells.length} cells in this line and ${columns.size} columns`);
    return null;
  }
  const cell = (column: Column) => (row.cells[columns.get(column) ?? -1] ?? '').trim();
  const quantity = cell('quantity');
  if (base !== null && row.cells.every((text, place) => text.trim() === '' || place === columns.get('quantity'))) {
    if (base.registers.some((spec) => spec.quantity === quantity)) return { line: row.line, quantity, spec: null };
    report('quantity', `${base.key} has no ${quantity} to leave out`);
    return null;
  }
  const number = (column: Column, absent?: number): number => {
    const text = cell(column);
    if (text === '' && absent !== undefined) return absent;
    if (!NUMBER.test(text)) report(column, `"${text}" is not a number`);
    return Number(text);
  };
  const one = <T extends string>(column: Column, allowed: readonly T[], absent: T | null): T => {
    const text = cell(column);
    const value = text === '' ? absent : allowed.find((candidate) => candidate === text);
    if (value === null || value === undefined) report(column, `"${text}" is not one of ${allowed.join(', ')}`);
    return value ?? (allowed[0] as T);
  };
  const modbusFunction = FUNCTIONS.find((candidate) => String(candidate) === cell('function'));
  if (modbusFunction === undefined) report('function', `"${cell('function')}" is not one of ${FUNCTIONS.join(', ')}`);
  const spec: RegisterSpec = {
    quantity,
    unit: cell('unit'),
    address: number('address'),
    function: modbusFunction ?? 4,
    type: one('type', REGISTER_TYPES, null),
    words: number('words'),
    wordOrder: one('word_order', ORDERS, 'big'),
    byteOrder: one('byte_order', ORDERS, 'big'),
    ...readScale(cell('scale'), report),
    offset: number('offset', 0),
    invalid: cell('invalid').toUpperCase(),
    ratio: one('ratio', RATIOS, 'none'),
    counter: cell('counter') === '' ? null : one('counter', COUNTERS, null),
    writable: cell('writable'),
    description: cell('description'),
    source: cell('source'),
  };
  return errors.length > before ? null : { line: row.line, quantity, spec };
}

/** `0.1`, or `10^voltage_factor` where another register tells the power of ten, or both: `0.5*10^voltage_factor`. */
function readScale(text: string, report: Report): Pick<RegisterSpec, 'scale' | 'scaleBy'> {
  const [, fixed, scaleBy = ''] = SCALED_BY.exec(text) ?? [undefined, text];
  if (fixed !== undefined && fixed !== '' && !NUMBER.test(fixed)) report('scale', `"${fixed}" is not a number`);
  return { scale: fixed === undefined || fixed === '' ? 1 : Number(fixed), scaleBy };
}

function formatScale({ scale, scaleBy }: RegisterSpec): string {
  if (scaleBy === '') return String(scale);
  return scale === 1 ? `10^${scaleBy}` : `${scale}*10^${scaleBy}`;
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
