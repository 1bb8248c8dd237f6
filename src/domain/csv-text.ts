export interface CsvRow {
  line: number;
  cells: string[];
}

export type CsvText = { ok: true; rows: CsvRow[] } | { ok: false; line: number; position: number; problem: string };

/** Splits RFC 4180 text; empty lines are skipped, anything ambiguous is refused. `line` is where a row begins. */
export function parseCsvText(text: string, firstLine = 1, delimiter = ','): CsvText {
  const rows: CsvRow[] = [];
  let line = firstLine;
  let at = 0;
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] };
    const problem = (what: string): CsvText => ({ ok: false, line, position: row.cells.length + 1, problem: what });
    for (;;) {
      if (text[at] === '"') {
        let cell = '';
        at += 1;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote === -1) return problem('a quote is opened and never closed');
          const piece = text.slice(at, quote);
          cell += piece;
          line += countLineFeeds(piece);
          at = quote + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at += 1;
        }
        row.cells.push(cell);
      } else {
        const end = endOfCell(text, at, delimiter);
        const cell = text.slice(at, end);
        if (cell.includes('"')) return problem('a quote stands inside a cell that is not quoted');
        row.cells.push(cell);
        at = end;
      }
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (text.startsWith('\r\n', at)) at += 2;
    else if (text[at] === '\n') at += 1;
    else if (at < text.length) return { ok: false, line, position: row.cells.length, problem: 'something follows the closing quote' };
    line += 1;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
  }
  return { ok: true, rows };
}

export function formatCsvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^#/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !(text[at] === '\r' && text[at + 1] === '\n')) at += 1;
  return at;
}

function countLineFeeds(text: string): number {
  return text.split('\n').length - 1;
}
