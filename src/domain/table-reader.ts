import { columnLetter, isEmptyRow, type CellRow, type CellTable, type Finding } from './cell-table.ts';
import { constantOf } from './constant-formula.ts';

export interface Findings {
  problems: Finding[];
  notes: Finding[];
}

/** A table under its heading: cells by the name of their column, findings with their place. */
export interface TableReader<Column extends string> {
  rows: readonly CellRow[];
  /** The cell's text; what is no plain value is reported. */
  read(row: CellRow, column: Column): string;
  report(row: CellRow, column: Column, problem: string): void;
  note(row: CellRow, column: Column, text: string): void;
}

const headingOf = (cell: string): string => cell.trim().replaceAll(/\s+/g, ' ').toLowerCase();

/** The first row that is not empty. */
export function headRow(table: CellTable): CellRow | undefined {
  return table.rows.find((row) => !isEmptyRow(row));
}

/** Whether a table's heading is of this kind. */
export function isHeadedBy(table: CellTable, columns: readonly string[]): boolean {
  const names = headRow(table)?.cells.map(headingOf) ?? [];
  return columns.every((column) => names.includes(headingOf(column)));
}

/** Null when a column is missing or is there twice; the findings say which. */
export function openTable<Column extends string>(
  table: CellTable,
  columns: readonly Column[],
  findings: Findings,
): TableReader<Column> | null {
  const { sheet } = table;
  const head = headRow(table);
  const names = head?.cells.map(headingOf) ?? [];
  const places = new Map<Column, number>();
  const before = findings.problems.length;
  for (const column of columns) {
    const place = names.indexOf(headingOf(column));
    places.set(column, place);
    const problem =
      place === -1 ? 'the column is missing' : names.includes(headingOf(column), place + 1) ? 'the column is there twice' : null;
    if (problem !== null) findings.problems.push({ sheet, line: head?.line ?? 1, letter: null, column, text: problem });
  }
  if (findings.problems.length > before) return null;

  const placed = (row: CellRow, column: Column, text: string): Finding => {
    const letter = sheet === null ? null : columnLetter(places.get(column) ?? 0);
    return { sheet, line: row.line, letter, column, text };
  };
  const report = (row: CellRow, column: Column, problem: string) => void findings.problems.push(placed(row, column, problem));
  const note = (row: CellRow, column: Column, text: string) => void findings.notes.push(placed(row, column, text));
  return {
    rows: table.rows.filter((row) => head !== undefined && row.line > head.line),
    read(row, column) {
      const plain = plainCell(row, places.get(column) ?? -1);
      if ('problem' in plain) report(row, column, plain.problem);
      if ('note' in plain) note(row, column, plain.note);
      return plain.text;
    },
    report,
    note,
  };
}

type PlainCell = { text: string } | { text: string; note: string } | { text: string; problem: string };

/** A formula is named and never trusted; only one that is a way to write a number is worked out, and said so. */
export function plainCell(row: CellRow, place: number): PlainCell {
  const text = (row.cells[place] ?? '').trim();
  const odd = row.odd?.[place];
  if (odd === undefined) return { text };
  if (odd.kind === 'date') return { text, problem: 'holds a date: format the cell as text and type the value again' };
  if (odd.kind === 'error') return { text, problem: 'shows an error such as #REF!: type its value instead' };
  if (odd.kind === 'ambiguous') return { text, problem: `"${text}" may be a fraction or thousands: write it without the point` };
  const constant = constantOf(odd.formula);
  if (constant === null) return { text, problem: `holds the formula =${odd.formula}: type its value instead of it` };
  if (text !== '' && Math.abs(Number(text) - constant) > 1e-9 * Math.abs(constant)) {
    return { text, problem: `holds the formula =${odd.formula}, which is ${constant}, but shows ${text}: type the value that is right` };
  }
  return { text: String(constant), note: `the formula =${odd.formula} is taken as ${constant}` };
}
