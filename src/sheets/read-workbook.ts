import readXlsxFile, { type CellValue, type SheetData } from 'read-excel-file/node';
import type { CellRow, CellTable, OddCell } from '../domain/cell-table.ts';
import { inspectWorkbook, type Inspected, type OddCells, type SheetLimits } from './inspect-workbook.ts';
import { UnreadableXml } from './xml-tags.ts';
import { unzip, zipStored, type ZipLimits } from './zip.ts';

interface Sheet {
  sheet: string;
  data: SheetData;
}

export type ReadFile = { ok: true; tables: CellTable[] } | { ok: false; problem: string };

const ZIP_LIMITS: ZipLimits = { entries: 200, entryBytes: 8 * 1024 * 1024, totalBytes: 16 * 1024 * 1024, ratio: 100 };
const SHEET_LIMITS: SheetLimits = { sheets: 20, rows: 5000, columns: 64, cells: 60_000 };

/** The sheets of an .xlsx file as text. Nothing is read before its size and its shape are known; no formula is ever run. */
export async function readWorkbook(bytes: Buffer): Promise<ReadFile> {
  const unzipped = unzip(bytes, ZIP_LIMITS);
  if (!unzipped.ok) return unzipped;
  const problem = whyNoWorkbook(unzipped.files);
  if (problem !== null) return { ok: false, problem };
  const inspected = inspectOrRefuse(unzipped.files);
  if (!inspected.ok) return inspected;
  let sheets: Sheet[];
  try {
    sheets = await readXlsxFile(zipStored(partsOfTables(unzipped.files)));
  } catch (err) {
    // Whatever it stumbles over is in the file: nothing else reaches it.
    return unreadable(err);
  }
  const tables = inspected.sheets.map(({ name, odd }) => ({
    sheet: name,
    rows: toRows(sheets.find(({ sheet }) => sheet === name)?.data ?? [], odd),
  }));
  return { ok: true, tables };
}

function inspectOrRefuse(files: ReadonlyMap<string, Buffer>): Inspected {
  try {
    return inspectWorkbook(files, SHEET_LIMITS);
  } catch (err) {
    if (err instanceof UnreadableXml) return unreadable(err);
    throw err;
  }
}

function unreadable(err: unknown): { ok: false; problem: string } {
  const reason = err instanceof Error ? err.message : String(err);
  return { ok: false, problem: `cannot be read (${reason}): open it in a spreadsheet program and save it again as .xlsx` };
}

function whyNoWorkbook(files: ReadonlyMap<string, Buffer>): string | null {
  const names = [...files.keys()];
  const types = files.get('[Content_Types].xml')?.toString('utf8') ?? '';
  if (names.some((name) => /vbaProject/i.test(name)) || /macroEnabled/i.test(types)) {
    return 'carries macros, which Wattbook does not take: save it as .xlsx without them';
  }
  if (names.includes('xl/workbook.bin')) return 'is a binary workbook (.xlsb): save it as .xlsx';
  if (files.get('mimetype')?.toString('utf8').startsWith('application/vnd.oasis.opendocument')) {
    return 'is an OpenDocument file: save it as .xlsx or as CSV';
  }
  return names.includes('xl/workbook.xml') ? null : 'is an archive without a workbook in it: send an .xlsx or a CSV file';
}

/** Neither pictures nor printer settings: the reader takes everything that ends in .xml. */
function partsOfTables(files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map([...files].filter(([name]) => /^xl\/(?:_rels\/)?[^/]+\.(?:xml|xml\.rels)$|^xl\/worksheets\/[^/]+\.xml$/i.test(name)));
}

function toRows(data: readonly (readonly (CellValue | null)[])[], odd: OddCells): CellRow[] {
  const rows = Math.max(data.length, ...odd.keys());
  return Array.from({ length: rows }, (_, index) => {
    const line = index + 1;
    const values = data[index] ?? [];
    const oddCells: Record<number, OddCell> = { ...odd.get(line) };
    values.forEach((value, place) => {
      if (value instanceof Date) oddCells[place] ??= { kind: 'date' };
    });
    const row: CellRow = { line, cells: values.map(toText) };
    return Object.keys(oddCells).length > 0 ? { ...row, odd: oddCells } : row;
  });
}

function toText(value: CellValue | null): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return String(value);
}
