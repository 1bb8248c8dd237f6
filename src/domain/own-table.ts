import { columnLetter, isEmptyRow, type CellRow, type CellTable, type Finding } from './cell-table.ts';
import { formatCsvRow, parseCsvText } from './csv-text.ts';
import { formatMeterModel, parseMeterModel } from './meter-model-csv.ts';
import { baseKeyOf } from './meter-model-header.ts';
import type { MeterModel } from './meter-model.ts';
import { isHeadedBy, plainCell, type Findings } from './table-reader.ts';

export const HEAD_SHEET = 'Model';
export const REGISTER_SHEET = 'Registers';

const isComment = ({ cells }: CellRow): boolean => cells[0]?.trimStart().startsWith('#') ?? false;

function withoutComments({ sheet, rows }: CellTable): CellTable {
  return { sheet, rows: rows.filter((row) => !isComment(row) && !isEmptyRow(row)) };
}

export function isOwnTable(table: CellTable): boolean {
  return isHeadedBy(withoutComments(table), ['quantity', 'address', 'function']);
}

/** The key of the model whose registers these take over, or null. */
export function ownBaseKey(tables: readonly CellTable[]): string | null {
  const lines = headLines(tables, { problems: [], notes: [] });
  return baseKeyOf(lines.map(({ text }) => text).join(''));
}

/**
 * Our own format, wherever it comes from: written out as the text of a model's file, so that one reader reads all, and
 * what it finds is put back to its place.
 */
export function parseOwnTables(key: string, tables: readonly CellTable[], base: MeterModel | null, findings: Findings): MeterModel | null {
  const table = tables.find(isOwnTable);
  if (table === undefined) return null;
  const lines: { text: string; place(column: string): Omit<Finding, 'text'> }[] = [
    ...headLines(tables, findings),
    ...registerLines(withoutComments(table), findings),
  ];
  if (findings.problems.length > 0) return null;
  const starts = new Map<number, (typeof lines)[number]>();
  let line = 1;
  for (const written of lines) {
    starts.set(line, written);
    line += written.text.split('\n').length - 1;
  }
  const parsed = parseMeterModel(key, lines.map(({ text }) => text).join(''), base);
  if (parsed.ok) return parsed.model;
  for (const { line: at, column, problem } of parsed.errors) {
    const place = starts.get(at)?.place(column) ?? { sheet: null, line: 0, letter: null, column };
    findings.problems.push({ ...place, text: problem });
  }
  return null;
}

/** `# key: value` above the table, or a sheet of keys and values. */
function headLines(tables: readonly CellTable[], findings: Findings) {
  return tables.flatMap(({ sheet, rows }) => {
    const isHead = sheet?.toLowerCase() === HEAD_SHEET.toLowerCase();
    return rows
      .filter((row) => (isHead ? !isEmptyRow(row) && row.cells[0]?.trim().toLowerCase() !== 'key' : isComment(row)))
      .map((row) => {
        const [first, second] = [plain(row, 0, sheet, findings), plain(row, 1, sheet, findings)];
        const text = isHead ? `# ${first}: ${second}` : first;
        const place = (column: string) => ({ sheet, line: row.line, letter: sheet === null ? null : isHead ? 'B' : 'A', column });
        return { text: `${text.replaceAll(/[\r\n]+/g, ' ').trim()}\n`, place };
      });
  });
}

function registerLines({ sheet, rows }: CellTable, findings: Findings) {
  const heading = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const width = heading.findLastIndex((name) => name !== '') + 1;
  return rows.map((row, index) => {
    const most = Math.max(width, row.cells.length, ...Object.keys(row.odd ?? {}).map((place) => Number(place) + 1));
    const cells = Array.from({ length: most }, (_, at) => plain(row, at, sheet, findings));
    const strange = cells.findIndex((cell, at) => at >= width && cell !== '');
    if (strange !== -1) findings.problems.push({ ...placeIn(row, sheet, strange), text: `"${cells[strange]}" stands under no heading` });
    // A sheet has no cells after the last value of a row; in a text a missing one is a mistake.
    const kept = sheet === null ? cells.slice(0, Math.min(width, row.cells.length)) : cells.slice(0, width);
    const place = (column: string) => {
      const at = heading.indexOf(column);
      return at === -1 ? { sheet, line: row.line, letter: null, column } : { ...placeIn(row, sheet, at), column };
    };
    return { text: formatCsvRow(index === 0 ? heading.slice(0, width) : kept), place };
  });
}

function plain(row: CellRow, place: number, sheet: string | null, findings: Findings): string {
  const cell = plainCell(row, place);
  if ('problem' in cell) findings.problems.push({ ...placeIn(row, sheet, place), text: cell.problem });
  if ('note' in cell) findings.notes.push({ ...placeIn(row, sheet, place), text: cell.note });
  return cell.text;
}

function placeIn({ line }: CellRow, sheet: string | null, place: number): Omit<Finding, 'text'> {
  return { sheet, line, letter: sheet === null ? null : columnLetter(place), column: '' };
}

/** The two sheets of a model's workbook, as text. */
export function formatOwnTables(model: MeterModel): { head: [string, string][]; registers: string[][] } {
  const text = formatMeterModel(model);
  const lines = text.split('\n');
  const comments = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  );
  const head = comments.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(2, colon), line.slice(colon + 1).trim()];
  });
  const table = parseCsvText(text.slice(comments.join('\n').length + 1));
  if (!table.ok) throw new Error(`The text of ${model.key} is no table: ${table.problem}`);
  return { head, registers: table.rows.map(({ cells }) => cells) };
}
