import { ValidationError } from 'adminjs';
import { AppError } from '../../errors.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Column } from './data-model.ts';

interface Constraint {
  index?: string;
  fields?: string[];
}

/** The form that was sent, or none where a row is removed. */
export interface SentForm {
  table: string;
  columns: ReadonlyMap<string, Column>;
  fields: readonly string[];
}

/** What went wrong with a write, said at its field; an error that is nobody's input stays as it is. */
export function toFormError(err: unknown, form: SentForm): unknown {
  if (err instanceof AppError) return fromAppError(err, form);
  if (!(err instanceof Prisma.PrismaClientKnownRequestError)) return err;
  const { index = '', fields = [] } = constraintOf(err);
  switch (err.code) {
    case 'P2002':
      return atFields(uniqueColumns(index, form), 'is taken already', form);
    case 'P2003':
      if (form.fields.length === 0) return formError('Something else still uses this.', form);
      return atFields(referringFields(fields, form), 'does not exist', form);
    case 'P2025':
      return formError('This does not exist any more.', form);
    default:
      return err;
  }
}

function constraintOf(err: Prisma.PrismaClientKnownRequestError): Constraint {
  const { driverAdapterError } = (err.meta ?? {}) as { driverAdapterError?: { cause?: { constraint?: Constraint } } };
  return driverAdapterError?.cause?.constraint ?? {};
}

// Prisma names a unique index table_column_column_key; the database names the one of the id.
function uniqueColumns(index: string, { table, columns }: SentForm): string[] {
  if (index === 'PRIMARY') return [...columns.values()].filter((column) => column.isId).map((column) => column.name);
  const inside = `_${index.slice(table.length + 1, -'key'.length)}`;
  const named = [...columns.values()].filter((column) => inside.includes(`_${column.dbName}_`));
  const own = named.filter((column) => column.refersTo === null);
  return (own.length > 0 ? own : named).map((column) => column.name);
}

// A form also fills other tables: `building_id` of a membership is its field buildingId.
function referringFields(dbNames: readonly string[], { columns, fields }: SentForm): string[] {
  const own = [...columns.values()].filter((column) => dbNames.includes(column.dbName)).map((column) => column.name);
  if (own.length > 0) return own;
  return dbNames
    .map((dbName) => dbName.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .filter((name) => fields.includes(name));
}

function fromAppError(err: AppError, form: SentForm): unknown {
  const fields = Object.entries(err.fields);
  if (err.status === 400 || err.status === 409) return fields.length > 0 ? atEach(fields) : formError(err.message, form);
  return err;
}

function atFields(names: readonly string[], problem: string, form: SentForm): ValidationError {
  return names.length > 0 ? atEach(names.map((name) => [name, problem])) : formError(`One of the values ${problem}.`, form);
}

/** The sentence for the notice, and each problem at its field. */
export function atEach(fields: readonly [string, string][]): ValidationError {
  const sentence = fields.map(([field, problem]) => `${field}: ${problem}`).join('; ');
  return new ValidationError(Object.fromEntries(fields.map(([field, message]) => [field, { message }])), { message: sentence });
}

// AdminJS takes a form without a wrong field for a stored one.
function formError(message: string, { fields: [first = 'id'] }: SentForm): ValidationError {
  return new ValidationError({ [first]: { message } }, { message });
}
