import { CSV_LINE_END, csvMark, csvNumber, csvText, type CsvStyle } from './csv-line.ts';
import { headingOf, keyOf, type Cell, type Column } from './table.ts';

/** How a table becomes text, row by row. */
export interface TableText {
  begin: string;
  row(cells: readonly Cell[]): string;
  between: string;
  end: string;
}

export function csvTable(columns: readonly Column[], style: CsvStyle): TableText {
  const { separator, decimal } = style;
  const isNumber = columns.map(({ kind }) => kind === 'number');
  const isText = columns.map(({ kind }) => kind === 'text');
  // The same name stands in row after row.
  let last = '';
  let lastText = '';
  const textOf = (cell: string): string => {
    if (cell === last) return lastText;
    last = cell;
    return (lastText = csvText(cell));
  };
  return {
    begin: csvMark(style) + columns.map((column) => csvText(headingOf(column))).join(separator) + CSV_LINE_END,
    row(cells) {
      let line = '';
      for (let index = 0; index < isText.length; index += 1) {
        const cell = cells[index];
        if (index > 0) line += separator;
        if (cell === null || cell === undefined) continue;
        if (isText[index] === true) line += textOf(String(cell));
        else line += isNumber[index] === true && decimal === ',' ? csvNumber(cell, style) : cell;
      }
      return line + CSV_LINE_END;
    },
    between: '',
    end: '',
  };
}

function jsonRow(columns: readonly Column[]): (cells: readonly Cell[]) => string {
  const keys = columns.map((column, index) => `${index === 0 ? '{' : ','}${JSON.stringify(keyOf(column))}:`);
  const isNumber = columns.map(({ kind }) => kind === 'number');
  return (cells) => {
    let line = '';
    for (let index = 0; index < keys.length; index += 1) {
      const cell = cells[index] ?? null;
      line += keys[index];
      line += cell === null ? 'null' : isNumber[index] === true ? cell : JSON.stringify(cell);
    }
    return `${line}}`;
  };
}

/** A JSON object per line. */
export function ndjsonTable(columns: readonly Column[]): TableText {
  const row = jsonRow(columns);
  return { begin: '', row: (cells) => `${row(cells)}\n`, between: '', end: '' };
}

/** The shape of every list of REST, on one page. */
export function jsonTable(columns: readonly Column[]): TableText {
  return { begin: '{"items":[\n', row: jsonRow(columns), between: ',\n', end: '\n],"next":null}\n' };
}
