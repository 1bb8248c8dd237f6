import { shortened } from './counter-text.ts';
import { parseCsvText } from './csv-text.ts';

export type Delimiter = ',' | ';';
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

/** The cells of one line; most lines have no quotes. */
export function cellsOf(text: string, delimiter: Delimiter): Parsed<string[]> {
  if (!text.includes('"')) return { ok: true, value: text.split(delimiter) };
  const parsed = parseCsvText(text, 1, delimiter);
  return parsed.ok ? { ok: true, value: parsed.rows[0]?.cells ?? [] } : parsed;
}

export type CsvRecord<C extends string> = Record<C, string>;

/** A table that another system wrote: columns by their names, in any order; those that nobody asks for are passed over. */
export function openRecords<const C extends string>(
  heading: string,
  { needed, optional = [] }: { needed: readonly C[]; optional?: readonly C[] },
): Parsed<(text: string) => Parsed<CsvRecord<C>>> {
  const delimiter: Delimiter = heading.includes(';') ? ';' : ',';
  const cells = cellsOf(heading, delimiter);
  if (!cells.ok) return cells;
  const names = cells.value.map((name) => name.trim().toLowerCase());
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined) {
    return { ok: false, problem: `the column ${missing} is missing: the heading has ${shortened(names.join(', '))}` };
  }
  const places = [...needed, ...optional].map((name) => [name, names.indexOf(name)] as const);
  return {
    ok: true,
    value: (text) => {
      const row = cellsOf(text, delimiter);
      if (!row.ok) return row;
      if (row.value.length !== names.length) {
        return { ok: false, problem: `has ${row.value.length} cells where the heading has ${names.length}` };
      }
      return {
        ok: true,
        value: Object.fromEntries(places.map(([name, place]) => [name, (row.value[place] ?? '').trim()])) as CsvRecord<C>,
      };
    },
  };
}
