import { parseKwh } from './counter-text.ts';
import { parseWallTime, type WallTime } from './wall-clock.ts';

/** A row of a table of mmetering as Django's `dumpdata` writes it; the fields that a later version added are not needed. */
export type DumpObject =
  | { kind: 'flat'; pk: number; name: string; producer: boolean }
  | { kind: 'meter'; pk: number; flatPk: number; address: number; serial: string; active: boolean }
  | { kind: 'reading'; pk: number; meterPk: number; time: WallTime; values: (number | null)[] }
  | { kind: 'other'; model: string };

export type ParsedObject = { ok: true; object: DumpObject } | { ok: false; place: string; problem: string };

type Fields = Record<string, unknown>;

/** For people: they count from one. */
export function placeOfObject(index: number, model: string, pk: unknown): string {
  const about = model === '' ? '' : ` (${model}, pk ${typeof pk === 'number' || typeof pk === 'string' ? pk : 'unknown'})`;
  return `object ${index + 1}${about}`;
}

export const METER_DATA = 'mmetering.meterdata';

const COUNTERS = ['value', 'value_l1', 'value_l2', 'value_l3'] as const;
const LONGEST_NAME = 80;

export function parseDumpObject(value: unknown, index: number): ParsedObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, place: placeOfObject(index, '', null), problem: 'is not an object with model, pk and fields' };
  }
  const { model, pk, fields } = value as { model?: unknown; pk?: unknown; fields?: unknown };
  const name = typeof model === 'string' ? model : '';
  const place = placeOfObject(index, name, pk);
  if (name === '' || typeof fields !== 'object' || fields === null) {
    return { ok: false, place, problem: 'is not an object with model, pk and fields' };
  }
  const parse = PARSERS[name];
  if (parse === undefined) return { ok: true, object: { kind: 'other', model: name } };
  if (!isKey(pk)) return { ok: false, place, problem: 'pk must be a whole number' };
  try {
    return { ok: true, object: parse(pk, fields as Fields) };
  } catch (err) {
    if (!(err instanceof BadField)) throw err;
    return { ok: false, place, problem: err.message };
  }
}

class BadField extends Error {}

const PARSERS: Record<string, (pk: number, fields: Fields) => DumpObject> = {
  'mmetering.flat': flatOf,
  'mmetering.meter': meterOf,
  [METER_DATA]: readingOf,
};

function isKey(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function keyIn(fields: Fields, name: string): number {
  const value = fields[name];
  if (!isKey(value)) throw new BadField(`${name} must be a whole number`);
  return value;
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new BadField(`${name} must be a text`);
  const text = value.trim();
  if (text.length > LONGEST_NAME) throw new BadField(`${name} takes at most ${LONGEST_NAME} characters: shorten it in the dump`);
  return text;
}

function flatOf(pk: number, fields: Fields): DumpObject {
  const { modus } = fields;
  if (modus !== 'IM' && modus !== 'EX') throw new BadField('modus must be IM or EX');
  return { kind: 'flat', pk, name: textIn(fields, 'name'), producer: modus === 'EX' };
}

function meterOf(pk: number, fields: Fields): DumpObject {
  if (typeof fields['active'] !== 'boolean') throw new BadField('active must be true or false');
  return {
    kind: 'meter',
    pk,
    flatPk: keyIn(fields, 'flat'),
    address: keyIn(fields, 'addresse'),
    serial: textIn(fields, 'seriennummer'),
    active: fields['active'],
  };
}

function readingOf(pk: number, fields: Fields): DumpObject {
  const text = fields['saved_time'];
  const time = typeof text === 'string' ? parseWallTime(text) : null;
  if (time === null) throw new BadField('saved_time must be a time, such as 2017-02-01T00:15:00');
  const values = COUNTERS.map((name) => counterIn(fields, name));
  if (values[0] === null) throw new BadField('value must be a number of kWh');
  return { kind: 'reading', pk, meterPk: keyIn(fields, 'meter'), time, values };
}

function counterIn(fields: Fields, name: string): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number') throw new BadField(`${name} must be a number of kWh`);
  // The shortest text of the number is the one that the dump has.
  const counter = parseKwh(String(value));
  if (!counter.ok) throw new BadField(`${name}: ${counter.problem}`);
  return counter.wh;
}
