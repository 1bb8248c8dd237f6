import { parseKwh, shortened } from './counter-text.ts';
import { cellsOf, type Delimiter, type Parsed } from './csv-record.ts';
import { parseWallTime, type WallTime } from './wall-clock.ts';

const COLUMNS = ['meter_serial', 'time', 'import_kwh', 'export_kwh'] as const;
type Column = (typeof COLUMNS)[number];

/** How a file of readings is written: its heading tells. */
export interface ReadingsTable {
  delimiter: Delimiter;
  /** Where each column stands; -1 where it is not. */
  places: Record<Column, number>;
  width: number;
}

export interface ReadingLine {
  serial: string;
  time: WallTime;
  importWh: number | null;
  exportWh: number | null;
}

/** With semicolons a comma may stand for the decimal point, as German spreadsheets write. */
export function parseReadingsHeading(text: string): Parsed<ReadingsTable> {
  const delimiter: Delimiter = text.includes(';') ? ';' : ',';
  const cells = cellsOf(text, delimiter);
  if (!cells.ok) return cells;
  const names = cells.value.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !(COLUMNS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return { ok: false, problem: `"${shortened(unknown)}" is not a column of this file: the heading must be ${COLUMNS.join(',')}` };
  }
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) return { ok: false, problem: `the column ${twice} is there twice` };
  const places = Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Record<Column, number>;
  const missing = (['meter_serial', 'time'] as const).find((name) => places[name] === -1);
  if (missing !== undefined) return { ok: false, problem: `the column ${missing} is missing: the heading must be ${COLUMNS.join(',')}` };
  if (places.import_kwh === -1 && places.export_kwh === -1) return { ok: false, problem: 'import_kwh or export_kwh is needed' };
  return { ok: true, value: { delimiter, places, width: names.length } };
}

/** One line after the heading. */
export function parseReadingLine(text: string, { delimiter, places, width }: ReadingsTable): Parsed<ReadingLine> {
  const cells = cellsOf(text, delimiter);
  if (!cells.ok) return cells;
  if (cells.value.length !== width) {
    return { ok: false, problem: `has ${cells.value.length} cells where the heading has ${width}` };
  }
  const cell = (column: Column) => (cells.value[places[column]] ?? '').trim();
  const serial = cell('meter_serial');
  if (serial === '') return { ok: false, problem: 'meter_serial is empty' };
  const time = parseWallTime(cell('time'));
  if (time === null) {
    return { ok: false, problem: `time "${shortened(cell('time'))}" is not a time, such as 2026-01-31T12:00:00+01:00 or 2026-01-31 12:00` };
  }
  const line: ReadingLine = { serial, time, importWh: null, exportWh: null };
  for (const [column, field] of [
    ['import_kwh', 'importWh'],
    ['export_kwh', 'exportWh'],
  ] as const) {
    if (cell(column) === '') continue;
    const counter = parseKwh(cell(column), { decimalComma: delimiter === ';' });
    if (!counter.ok) return { ok: false, problem: `${column}: ${counter.problem}` };
    line[field] = counter.wh;
  }
  if (line.importWh === null && line.exportWh === null) return { ok: false, problem: 'has neither import_kwh nor export_kwh' };
  return { ok: true, value: line };
}
