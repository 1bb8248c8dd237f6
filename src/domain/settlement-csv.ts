import { CSV_LINE_END, csvMark, csvNumber, csvText, type CsvStyle } from './csv-line.ts';
import { localStamp } from './local-stamp.ts';
import { kwhOf } from './settlement.ts';
import type { MonthlySheet, SheetCell } from './settlement-sheet.ts';

function cellText(cell: SheetCell, zone: string, style: CsvStyle): string {
  if (cell === null) return '';
  switch (cell.kind) {
    case 'text':
      return csvText(cell.text);
    case 'kwh':
      return csvNumber(kwhOf(cell.wh).toFixed(3), style);
    case 'count':
      return String(cell.count);
    case 'moment':
      // Without an offset, so that every spreadsheet knows it for a time.
      return localStamp(cell.ms, zone).slice(0, 16);
  }
}

/** Every row has all columns, as RFC 4180 wants it. */
export function settlementCsv({ heading, flats, producers }: MonthlySheet, zone: string, style: CsvStyle): string {
  const lines = [
    heading.map(csvText),
    ...[...flats, ...producers].map((cells) => heading.map((_, column) => cellText(cells[column] ?? null, zone, style))),
  ];
  return csvMark(style) + lines.map((cells) => cells.join(style.separator) + CSV_LINE_END).join('');
}
