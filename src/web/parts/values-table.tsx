import type { ComponentChildren } from 'preact';
import { words } from '../words.ts';
import { CsvButton, type CsvColumn } from './csv.tsx';

export interface ShownColumn<Row> {
  title: string;
  shown(row: Row): string;
  isNumber?: boolean;
}

export type Column<Row> = ShownColumn<Row> & CsvColumn<Row>;

interface ShownTableProps<Row> {
  name: string;
  rows: readonly Row[];
  columns: readonly ShownColumn<Row>[];
  /** The same as a file; null for whoever may not download. */
  csv: ComponentChildren;
  keyOf?(row: Row): string;
  /** The address of a closer look. */
  hrefOf?(row: Row): string;
  /** What must be said about the values. */
  children?: ComponentChildren;
}

/** What a drawing shows, in words and numbers. */
export function ShownTable<Row>({ name, rows, columns, csv, keyOf, hrefOf, children }: ShownTableProps<Row>) {
  return (
    <div class="values-below">
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
                <tr key={keyOf?.(row) ?? i} data-row={keyOf?.(row)}>
                  {columns.map(({ title, shown, isNumber }, c) =>
                    c === 0 ? (
                      <th key={title} scope="row">
                        {hrefOf ? <a href={hrefOf(row)}>{shown(row)}</a> : shown(row)}
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
        {children}
      </details>
      {csv}
    </div>
  );
}

interface ValuesTableProps<Row> extends Omit<ShownTableProps<Row>, 'columns' | 'csv'> {
  columns: readonly Column<Row>[];
  fileName: string | null;
}

/** The same with a file of exactly what is shown; without a name for whoever may not download. */
export function ValuesTable<Row>({ fileName, columns, ...table }: ValuesTableProps<Row>) {
  const csv = fileName !== null && <CsvButton name={fileName} rows={table.rows} columns={columns} />;
  return <ShownTable {...table} columns={columns} csv={csv} />;
}
