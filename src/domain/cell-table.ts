/** A table as its file has it, before anybody knows what it means. */
export interface CellTable {
  /** Null for a text file. */
  sheet: string | null;
  rows: CellRow[];
}

export interface CellRow {
  /** The number of the row in its sheet, or of its first line in a text. */
  line: number;
  cells: string[];
  /** By place in `cells`: what is no plain value. */
  odd?: Readonly<Record<number, OddCell>>;
}

export type OddCell = { kind: 'formula'; formula: string } | { kind: 'date' } | { kind: 'error' } | { kind: 'ambiguous' };

/** Something to say about a place in a file. */
export interface Finding {
  sheet: string | null;
  /** 0: about the file as a whole. */
  line: number;
  /** The letter of the column in a sheet. */
  letter: string | null;
  /** The heading of the column, or the key of a line `# key: value`. */
  column: string;
  text: string;
}

export function columnLetter(place: number): string {
  const before = Math.floor(place / 26);
  return (before > 0 ? columnLetter(before - 1) : '') + String.fromCharCode(65 + (place % 26));
}

export function isEmptyRow(row: CellRow): boolean {
  return row.odd === undefined && row.cells.every((cell) => cell.trim() === '');
}

/** For people: `sheet Metrics, row 7, column C (Metric Address)` or `line 7, scale`; empty for the file as a whole. */
export function placeOf({ sheet, line, letter, column }: Finding): string {
  const parts = [
    ...(sheet === null ? [] : [`sheet ${sheet}`]),
    ...(line === 0 ? [] : [`${sheet === null ? 'line' : 'row'} ${line}`]),
    ...(letter !== null ? [`column ${letter}${column === '' ? '' : ` (${column})`}`] : column === '' ? [] : [column]),
  ];
  return parts.join(', ');
}

/** A finding as one sentence. */
export function sayFinding(finding: Finding): string {
  const place = placeOf(finding);
  return place === '' ? finding.text : `${place}: ${finding.text}`;
}

export const aboutFile = (text: string): Finding => ({ sheet: null, line: 0, letter: null, column: '', text });
