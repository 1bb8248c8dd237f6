import { camelName, isQuantity } from './quantity.ts';

/** A moment is ISO 8601 with an offset, a day is a date; both are text. */
export type Cell = string | number | null;

export interface Column {
  /** In snake case, the word of the screen and of REST. */
  name: string;
  unit: string;
  kind: 'text' | 'number' | 'moment' | 'day';
}

export interface Batch {
  rows: Cell[][];
  /** The part of the whole that is done with it, 0 to 1. */
  done: number;
}

/** Rows of any number: they are never all in memory. */
export interface Table {
  columns: readonly Column[];
  batches: AsyncIterable<Batch>;
}

export const column = (name: string, kind: Column['kind'] = 'text', unit = ''): Column => ({ name, unit, kind });

/** `active_power_total (W)`. */
export function headingOf({ name, unit }: Column): string {
  return unit === '' ? name : `${name} (${unit})`;
}

/** `activePowerTotal`, as in every answer of REST: the unit of a quantity is fixed. Other numbers have theirs in the name. */
export function keyOf(column: Column): string {
  const { name, unit } = column;
  // Somebody's name is in it.
  if (name.includes(' ')) return headingOf(column);
  return camelName(unit === '' || isQuantity(name) ? name : `${name}_${unit.toLowerCase()}`);
}
