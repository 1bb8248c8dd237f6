import { columnLetter } from '../domain/cell-table.ts';
import { headingOf, type Batch, type Cell, type Column, type Table } from '../domain/table.ts';
import type { Sink } from './write-table.ts';
import { ZipStream } from './zip-stream.ts';

/** What a sheet of this format holds at most. */
const MOST_ROWS = 1_048_576;
const BLOCK_LENGTH = 64 * 1024;
const DAY_MS = 24 * 3_600_000;
/** A sheet counts days from here. */
const FIRST_DAY_MS = Date.UTC(1899, 11, 30);
const [BOLD, MOMENT, DAY, TEXT] = [1, 2, 3, 4];

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Control characters are not allowed in XML, in whatever spelling.
function xmlText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replace(/[&<>"]/g, (found) => ENTITIES[found] ?? found);
}

function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

// A part of a day is no round number: whoever cuts what is below a millisecond would show the second before.
const HALF_MS = 0.5;

/** A sheet has no zones: it shows what stands before the offset. */
function serialOf(text: string): number {
  if (text.length > 10) return (Date.parse(`${text.slice(0, 19)}Z`) - FIRST_DAY_MS + HALF_MS) / DAY_MS;
  return (Date.parse(`${text}T00:00:00Z`) - FIRST_DAY_MS) / DAY_MS;
}

function cellXml(at: string, cell: Cell, kind: Column['kind']): string {
  if (cell === null || cell === '') return '';
  switch (kind) {
    case 'text':
      return textCell(at, String(cell), TEXT);
    case 'number':
      return `<c r="${at}"><v>${cell}</v></c>`;
    case 'moment':
      return `<c r="${at}" s="${MOMENT}"><v>${serialOf(String(cell))}</v></c>`;
    case 'day':
      return `<c r="${at}" s="${DAY}"><v>${serialOf(String(cell))}</v></c>`;
  }
}

const WIDTHS: Record<Column['kind'], number> = { text: 18, number: 16, moment: 20, day: 12 };

function sheetHead(columns: readonly Column[]): string {
  const widths = columns.map(({ kind, name }, index) => {
    const width = Math.max(WIDTHS[kind], Math.min(40, name.length + 6));
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  const view =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  const heading = columns.map((one, index) => textCell(`${columnLetter(index)}1`, headingOf(one), BOLD)).join('');
  return `${HEAD}<worksheet xmlns="${MAIN}">${view}<cols>${widths.join('')}</cols><sheetData><row r="1">${heading}</row>`;
}

/** Goes on where the sheet before was full. */
class Rows {
  readonly #batches: AsyncIterator<Batch>;
  #rows: Cell[][] = [];
  #next = 0;
  done = 0;

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Null: there are no more. */
  async peek(onProgress?: (done: number) => Promise<void>): Promise<Cell[] | null> {
    while (this.#next >= this.#rows.length) {
      if (this.#rows.length > 0) await onProgress?.(this.done);
      const next = await this.#batches.next();
      if (next.done === true) return null;
      this.#rows = next.value.rows;
      this.done = next.value.done;
      this.#next = 0;
    }
    return this.#rows[this.#next] ?? null;
  }

  /** Those of the batch at hand that still fit. */
  take(most: number): Cell[][] {
    const rows = this.#rows.slice(this.#next, this.#next + most);
    this.#next += rows.length;
    return rows;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

async function writeSheet(
  columns: readonly Column[],
  rows: Rows,
  write: Sink,
  onProgress?: (done: number) => Promise<void>,
): Promise<void> {
  let block = sheetHead(columns);
  const letters = columns.map((_, index) => columnLetter(index));
  let number = 1;
  while (number < MOST_ROWS && (await rows.peek(onProgress)) !== null) {
    for (const cells of rows.take(MOST_ROWS - number)) {
      number += 1;
      block += `<row r="${number}">`;
      for (let index = 0; index < columns.length; index += 1) {
        block += cellXml(`${letters[index]}${number}`, cells[index] ?? null, columns[index]?.kind ?? 'text');
      }
      block += '</row>';
      if (block.length < BLOCK_LENGTH) continue;
      await write(block);
      block = '';
    }
  }
  await write(`${block}</sheetData></worksheet>`);
}

/** An .xlsx file of any number of rows: what a sheet does not hold goes on in the next one. */
export async function writeTableWorkbook(
  table: Table,
  title: string,
  sink: Sink,
  onProgress?: (done: number) => Promise<void>,
): Promise<void> {
  const zip = new ZipStream(sink);
  const rows = new Rows(table.batches);
  let sheets = 0;
  try {
    do {
      sheets += 1;
      await zip.add(`xl/worksheets/sheet${sheets}.xml`, (write) => writeSheet(table.columns, rows, write, onProgress));
    } while ((await rows.peek()) !== null);
  } finally {
    await rows.close();
  }
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const each = (line: (number: number) => string) => numbers.map(line).join('');
  const name = (number: number) => xmlText(number === 1 ? title : `${title} ${number}`);
  const parts: [string, string][] = [
    ['xl/styles.xml', STYLES],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((n) => `<sheet name="${name(n)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${HEAD}<Relationships xmlns="${RELATIONS}">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '_rels/.rels',
      `${HEAD}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`)}</Types>`,
    ],
  ];
  for (const [path, content] of parts) await zip.add(path, async (write) => write(content));
  await zip.end();
}
