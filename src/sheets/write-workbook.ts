import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { formatOwnTables, HEAD_SHEET, REGISTER_SHEET } from '../domain/own-table.ts';
import type { MeterModel } from '../domain/meter-model.ts';

const NUMBERS = new Set(['address', 'function', 'words', 'scale', 'offset']);
const WIDTHS: Record<string, number> = { quantity: 34, description: 44, source: 60, invalid: 14, writable: 14 };
const USUAL_WIDTH = 11;

const bold = (value: string): Cell => ({ value, fontWeight: 'bold' });
// As text, or a spreadsheet program makes a date of 1..5 and a number of 0001.
const text = (value: string): Cell => (value === '' ? null : { value, type: String, format: '@' });

/** A model as an .xlsx file: a sheet with its head, a sheet with its registers, numbers as numbers. */
export function writeModelWorkbook(model: MeterModel): Promise<Buffer> {
  const { head, registers } = formatOwnTables(model);
  const [heading = [], ...rows] = registers;
  const headData: SheetData = [[bold('key'), bold('value')], ...head.map(([key, value]) => [text(key), text(value)])];
  const registerData: SheetData = [
    heading.map(bold),
    ...rows.map((cells) => cells.map((cell, place) => (NUMBERS.has(heading[place] ?? '') && isNumber(cell) ? Number(cell) : text(cell)))),
  ];
  return writeXlsxFile([
    {
      sheet: REGISTER_SHEET,
      data: registerData,
      stickyRowsCount: 1,
      columns: heading.map((name) => ({ width: WIDTHS[name] ?? USUAL_WIDTH })),
    },
    { sheet: HEAD_SHEET, data: headData, columns: [{ width: 16 }, { width: 60 }] },
  ]).toBuffer();
}

function isNumber(cell: string): boolean {
  return cell !== '' && String(Number(cell)) === cell;
}
