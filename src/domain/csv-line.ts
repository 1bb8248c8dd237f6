export const SEPARATORS = [',', ';'] as const;
export const DECIMAL_SIGNS = ['.', ','] as const;

/** How a CSV file is written: `,` and `.` for programs and English spreadsheets, `;` and `,` for German ones. */
export interface CsvStyle {
  separator: (typeof SEPARATORS)[number];
  decimal: (typeof DECIMAL_SIGNS)[number];
}

export const PLAIN_CSV: CsvStyle = { separator: ',', decimal: '.' };

export const CSV_LINE_END = '\r\n';

// A spreadsheet takes a cell that begins so for a formula; the wide forms are typed in East Asian ones.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const QUOTED = /[",;\r\n]/;

/** Text that nobody's spreadsheet runs: an apostrophe goes before what would be a formula. */
function defused(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** RFC 4180; quoted also where only the other separator stands in it, so that a wrong guess does not shift columns. */
export function csvText(text: string): string {
  const safe = defused(text);
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvNumber(value: number | string, { decimal }: Pick<CsvStyle, 'decimal'>): string {
  const text = String(value);
  return decimal === '.' ? text : text.replace('.', decimal);
}

/**
 * A German Excel takes a file with `;` for Latin-1 unless it begins with the mark of UTF-8; a program that reads `,`
 * would take the mark for a part of the first heading.
 */
export function csvMark({ separator }: Pick<CsvStyle, 'separator'>): string {
  return separator === ';' ? '\uFEFF' : '';
}
