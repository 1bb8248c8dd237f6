import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { offsetAt } from '../domain/local-stamp.ts';
import { kwhOf } from '../domain/settlement.ts';
import type { MonthlySheet, SheetCell } from '../domain/settlement-sheet.ts';

const SETTLEMENT_SHEET = 'Abrechnung';
const WIDE = 15;

function cellOf(cell: SheetCell, zone: string): Cell {
  if (cell === null) return null;
  switch (cell.kind) {
    case 'text':
      // As text, or a spreadsheet program makes a number of 0001.
      return cell.text === '' ? null : { value: cell.text, type: String, format: '@' };
    case 'kwh':
      return { value: kwhOf(cell.wh), type: Number, format: '0.000' };
    case 'count':
      return { value: cell.count, type: Number, format: '0' };
    case 'moment':
      // A sheet knows no zones: it shows what the clocks of the building showed.
      return { value: new Date(cell.ms + offsetAt(cell.ms, zone)), type: Date, format: 'dd.mm.yy hh:mm' };
  }
}

/** The predecessor's workbook: bold names in row 1, data from row 3, an empty row before those who produce. */
export function writeSettlementWorkbook({ heading, flats, producers }: MonthlySheet, zone: string): Promise<Buffer> {
  const rows = (some: readonly SheetCell[][]) => some.map((cells) => cells.map((cell) => cellOf(cell, zone)));
  const data: SheetData = [
    heading.map((value) => ({ value, fontWeight: 'bold' })),
    [],
    ...rows(flats),
    ...(producers.length > 0 ? [[], ...rows(producers)] : []),
  ];
  const columns = heading.map((_, index) => (index === 0 ? {} : { width: WIDE }));
  return writeXlsxFile([{ sheet: SETTLEMENT_SHEET, data, columns }]).toBuffer();
}
