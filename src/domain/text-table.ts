import type { CellRow, CellTable, OddCell } from './cell-table.ts';
import { parseCsvText } from './csv-text.ts';

export type TextTable = { ok: true; table: CellTable } | { ok: false; line: number; column: string; problem: string };

// The same as of a sheet: what is larger is no table of registers.
const MOST_ROWS = 5000;
const MOST_COLUMNS = 64;

const DELIMITERS = [',', ';', '\t'] as const;

/** CSV as programs write it: `,` or `;` or tabs between the cells, with `;` a decimal comma; lines `# key: value` before the table. */
export function tableOfText(text: string): TextTable {
  const { comments, rest, firstLine } = splitComments(text);
  const delimiter = delimiterOf(rest);
  const parsed = parseCsvText(rest, firstLine, delimiter);
  if (!parsed.ok) return { ok: false, line: parsed.line, column: `cell ${parsed.position}`, problem: parsed.problem };
  const tooMany = parsed.rows[MOST_ROWS] ?? parsed.rows.find(({ cells }) => cells.length > MOST_COLUMNS);
  if (tooMany !== undefined) {
    const problem = `a table of registers has at most ${MOST_ROWS} rows and ${MOST_COLUMNS} columns: delete what does not belong to it`;
    return { ok: false, line: tooMany.line, column: '', problem };
  }
  const rows = parsed.rows.map(({ line, cells }) => (delimiter === ',' ? { line, cells } : withDecimalPoints(line, cells)));
  return { ok: true, table: { sheet: null, rows: [...comments, ...rows] } };
}

/** Excel puts a line with a comma in it into quotes, and fills all of them up with delimiters. */
function splitComments(text: string): { comments: CellRow[]; rest: string; firstLine: number } {
  const comments: CellRow[] = [];
  let rest = text;
  while (/^"?#/.test(rest)) {
    const end = rest.indexOf('\n') === -1 ? rest.length : rest.indexOf('\n') + 1;
    const line = rest.slice(0, end).trimEnd();
    const quoted = /^"((?:[^"]|"")*)"[,;\t]*$/.exec(line)?.[1]?.replaceAll('""', '"');
    comments.push({ line: comments.length + 1, cells: [quoted ?? line.replace(/[,;\t]+$/, '')] });
    rest = rest.slice(end);
  }
  return { comments, rest, firstLine: comments.length + 1 };
}

function delimiterOf(text: string): string {
  const heading = text.trimStart().split('\n', 1)[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => heading.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

const MADE_OF_NUMBERS = /^[-+\d.,|eE]+(?:\*10\^\w+)?$/;
const THOUSANDS = /^[1-9]\d{0,2}(?:\.\d{3})+$/;

function withDecimalPoints(line: number, cells: readonly string[]): CellRow {
  const odd: Record<number, OddCell> = {};
  const pointed = cells.map((cell, place) => {
    const text = cell.trim();
    if (THOUSANDS.test(text)) odd[place] = { kind: 'ambiguous' };
    return MADE_OF_NUMBERS.test(text) ? text.replaceAll(/(?<=\d),(?=\d)/g, '.') : cell;
  });
  return Object.keys(odd).length > 0 ? { line, cells: pointed, odd } : { line, cells: pointed };
}
