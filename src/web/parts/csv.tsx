import { CSV_LINE_END, csvMark, csvNumber, csvText, type CsvStyle } from '../../domain/csv-line.ts';
import { locale, words } from '../words.ts';

export interface CsvColumn<Row> {
  /** With its unit. */
  heading: string;
  /** As the file has it; empty for what is not known. */
  filed(row: Row): string | number | null;
}

/** As the spreadsheets of the language expect it. */
function styleHere(): CsvStyle {
  const decimal = new Intl.NumberFormat(locale).format(0.5).includes(',') ? ',' : '.';
  return { separator: decimal === ',' ? ';' : ',', decimal };
}

/** The same in an address of the server, which takes the decimal sign that goes with it. */
export function csvQuery(): Pick<CsvStyle, 'separator'> {
  return { separator: styleHere().separator };
}

function csvOf<Row>(rows: readonly Row[], columns: readonly CsvColumn<Row>[]): string {
  const style = styleHere();
  const lines = [
    columns.map(({ heading }) => csvText(heading)),
    ...rows.map((row) =>
      columns.map(({ filed }) => {
        const value = filed(row);
        return value === null ? '' : typeof value === 'number' ? csvNumber(value, style) : csvText(value);
      }),
    ),
  ];
  return csvMark(style) + lines.map((cells) => cells.join(style.separator) + CSV_LINE_END).join('');
}

function save(name: string, csv: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface CsvButtonProps<Row> {
  name: string;
  rows: readonly Row[];
  columns: readonly CsvColumn<Row>[];
}

/** A file of what is on the page, made here. */
export function CsvButton<Row>({ name, rows, columns }: CsvButtonProps<Row>) {
  return (
    <button type="button" class="small csv" onClick={() => save(`${name}.csv`, csvOf(rows, columns))}>
      {words.csv}
    </button>
  );
}

/** A file of the server, which has more than the page or notes who took it. */
export function CsvLink({ href, label = words.csv }: { href: string; label?: string }) {
  return (
    <a class="button small csv" href={href} download>
      {label}
    </a>
  );
}
