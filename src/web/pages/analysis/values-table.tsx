import { CSV_LINE_END, csvMark, csvNumber, csvText, type CsvStyle } from '../../../domain/csv-line.ts';
import { locale, words } from '../../words.ts';

export interface Column<Row> {
  title: string;
  /** With its unit; for the file. */
  heading: string;
  shown(row: Row): string;
  /** As the file has it; empty for what is not known. */
  filed(row: Row): string | number | null;
  isNumber?: boolean;
}

interface ValuesTableProps<Row> {
  name: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** Of the file; null for whoever may not download. */
  fileName: string | null;
}

/** As the spreadsheets of the language expect it. */
function styleHere(): CsvStyle {
  const decimal = new Intl.NumberFormat(locale).format(0.5).includes(',') ? ',' : '.';
  return { separator: decimal === ',' ? ';' : ',', decimal };
}

function csvOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
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

function save(fileName: string, csv: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** What a drawing shows, in words and numbers, and as a file of exactly that. */
export function ValuesTable<Row>({ name, rows, columns, fileName }: ValuesTableProps<Row>) {
  return (
    <details class="values">
      <summary>{words.profile.table}</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label={name}>
        <table>
          <thead>
            <tr>
              {columns.map(({ title, isNumber }) => (
                <th key={title} scope="col" class={isNumber ? 'right' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {columns.map(({ title, shown, isNumber }, c) =>
                  c === 0 ? (
                    <th key={title} scope="row">
                      {shown(row)}
                    </th>
                  ) : (
                    <td key={title} class={isNumber ? 'right' : undefined}>
                      {shown(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {fileName !== null && (
        <button type="button" class="small" onClick={() => save(fileName, csvOf(rows, columns))}>
          {words.analysis.csv}
        </button>
      )}
    </details>
  );
}
