import type { Filter } from 'adminjs';
import { InvalidInput } from '../../errors.ts';
import type { Column } from './data-model.ts';
import { parseMoment } from './parse-payload.ts';
import { OfficeProperty } from './property.ts';

/** The filters of a list as a where-clause. One that is not declared is refused: a filter can spell out a value letter by letter. */
export function whereOf(filter: Filter): object {
  return { AND: Object.values(filter.filters).map((element) => clauseOf(element.path, element.property, element.value)) };
}

function clauseOf(path: string, property: unknown, value: unknown): object {
  if (!(property instanceof OfficeProperty) || !property.spec.isFilterable) {
    throw new InvalidInput({ [path]: 'is no field that can be filtered by' });
  }
  const name = property.name();
  if (property.spec.search && typeof value === 'string') return property.spec.search(literal(value));
  if (property.type() === 'datetime') return { [name]: between(path, value) };
  if (typeof value !== 'string') throw new InvalidInput({ [path]: 'takes a single value' });
  if (property.type() === 'boolean') return { [name]: value === 'true' };
  if (property.type() === 'number' || property.type() === 'reference') {
    const number = Number(value);
    return fits(property.spec.column, number) ? { [name]: number } : { OR: [] };
  }
  const { column } = property.spec;
  if (column?.values) return column.values.includes(value) ? { [name]: value } : { OR: [] };
  return { [name]: { contains: literal(value) } };
}

// Prisma hands it to LIKE as it is.
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function fits(column: Column | null, number: number): boolean {
  if (column?.type === 'Float') return Number.isFinite(number);
  return column?.type === 'BigInt' ? Number.isSafeInteger(number) : number === Math.trunc(number) && Math.abs(number) < 2 ** 31;
}

function between(path: string, value: unknown): object {
  const { from, to } = (value ?? {}) as { from?: unknown; to?: unknown };
  return { ...(from ? { gte: momentOf(path, from) } : {}), ...(to ? { lt: momentOf(path, to) } : {}) };
}

function momentOf(path: string, value: unknown): Date {
  const moment = parseMoment(value);
  if ('problem' in moment) throw new InvalidInput({ [path]: moment.problem });
  return moment.value;
}
