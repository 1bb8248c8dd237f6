import type { Input, Row } from '../row.ts';

/** What a use case takes: it checks the input itself. AdminJS knows counters only as numbers of its own. */
export function forUseCase(input: Input): never {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  ) as never;
}

/** A text of a related row, such as `at(row, 'flat', 'building', 'name')`. */
export function at(row: Row, ...path: string[]): string {
  const found = path.reduce<unknown>((value, key) => (value as Row | null | undefined)?.[key], row);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

export function rowsAt(row: Row, name: string): Row[] {
  return (row[name] as Row[] | undefined) ?? [];
}

export function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

export const MADE = { label: 'Made' } as const;
export const CHANGED = { label: 'Last changed' } as const;

/** Of a meter that pushes. */
export const SENDS = 'It sends by itself';
/** In place of the registers that a meter refuses. */
export const NO_HOLES = 'No register, as far as is known';
