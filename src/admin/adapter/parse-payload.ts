import type { Input } from '../row.ts';
import type { OfficeProperty } from './property.ts';

const EMPTY = new Set<unknown>([null, undefined, '', '__FORM_VALUE_NULL__']);

export type ParsedPayload = { ok: true; input: Input } | { ok: false; errors: Record<string, string> };

type ParsedValue = { value: unknown } | { problem: string };

/** What a form sent, as values of their columns. The fields were checked to be declared before. */
export function parsePayload(properties: readonly OfficeProperty[], payload: Row, mode: 'create' | 'edit'): ParsedPayload {
  const input: Input = {};
  const errors: Record<string, string> = {};
  for (const property of properties) {
    const name = property.name();
    const given = Object.hasOwn(payload, name);
    if (!given && mode === 'edit') continue;
    const parsed = EMPTY.has(payload[name]) ? parseEmpty(property, mode) : parseValue(property, payload[name]);
    if ('problem' in parsed) errors[name] = parsed.problem;
    else if (parsed.value !== undefined) input[name] = parsed.value;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, input };
}

type Row = Record<string, unknown>;

function parseEmpty(property: OfficeProperty, mode: 'create' | 'edit'): ParsedValue {
  const { column } = property.spec;
  if (property.isRequired()) return { problem: 'must not be empty' };
  if (!column) return { value: undefined };
  if (!column.isRequired) return { value: null };
  if (column.defaultText === '') return { value: '' };
  if (column.type === 'Boolean') return { value: false };
  // On making it, the table's own default.
  return mode === 'create' ? { value: undefined } : { problem: 'must not be empty' };
}

function parseValue(property: OfficeProperty, given: unknown): ParsedValue {
  const { column } = property.spec;
  if (typeof given === 'object' && !(given instanceof Date)) return { problem: 'must be a single value' };
  if (property.type() === 'datetime' || property.type() === 'date') return parseMoment(given);
  if (property.type() === 'boolean') return parseFlag(given);
  if (property.type() === 'number' || property.type() === 'reference') return parseNumber(property, given);
  if (typeof given !== 'string' && typeof given !== 'number') return { problem: 'must be a text' };
  const text = String(given).trim();
  const values = column?.values ?? property.spec.field.values?.map((entry) => entry.value);
  if (values && !values.includes(text)) return { problem: `must be one of ${values.join(', ')}` };
  if (text === '' && property.isRequired()) return { problem: 'must not be empty' };
  if (column?.maxLength != null && text.length > column.maxLength) return { problem: `must have at most ${column.maxLength} characters` };
  return { value: text };
}

const EARLIEST_YEAR = 1970;
const LATEST_YEAR = 2200;

export function parseMoment(given: unknown): { value: Date } | { problem: string } {
  const moment = given instanceof Date ? given : new Date(String(given));
  if (Number.isNaN(moment.getTime())) return { problem: 'must be a date and time' };
  const year = moment.getUTCFullYear();
  if (year < EARLIEST_YEAR || year > LATEST_YEAR) return { problem: `must be a date from ${EARLIEST_YEAR} to ${LATEST_YEAR}` };
  return { value: moment };
}

function parseFlag(given: unknown): ParsedValue {
  if (given === true || given === 'true') return { value: true };
  if (given === false || given === 'false') return { value: false };
  return { problem: 'must be yes or no' };
}

function parseNumber(property: OfficeProperty, given: unknown): ParsedValue {
  const { column } = property.spec;
  const number = Number(given);
  if (!Number.isFinite(number) || typeof given === 'boolean') return { problem: 'must be a number' };
  if (column?.type === 'Float') return { value: number };
  if (!Number.isSafeInteger(number)) return { problem: 'must be a whole number' };
  if ((column?.unsigned || property.type() === 'reference') && number < 0) return { problem: 'must not be negative' };
  if (column?.max != null && number > column.max) return { problem: `must be at most ${column.max}` };
  return { value: column?.type === 'BigInt' ? BigInt(number) : number };
}
