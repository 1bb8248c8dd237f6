import type { MeterModel, RegisterSpec, RegisterType } from './meter-model.ts';
import { isQuantity } from './quantity.ts';
import { unitFactor } from './unit.ts';

/** Where a value stands in what an inverter tells: in a line of text, counted from 1, or at a JSON pointer (RFC 6901). */
export interface MappedValue {
  quantity: string;
  line?: number | undefined;
  json?: string | undefined;
  /** That of the model's register if neither is said. */
  unit?: string | undefined;
  /** Where the unit itself stands. */
  unitAt?: string | undefined;
  factor: number;
}

/** How an inverter that speaks HTTP becomes a meter of a library model. */
export interface BridgeMapping {
  model: string;
  path: string;
  /** How it is shown its key; null where it wants none. */
  key: { header: string } | { query: string } | null;
  values: readonly MappedValue[];
}

/** Raw numbers by quantity, as the registers of the model say them. */
export type BridgeReading = { ok: true; raw: ReadonlyMap<string, number> } | { ok: false; problem: string };

const CANNOT_BE_SAID: readonly RegisterType[] = ['bit', 'bcd', 'uint8', 'int8'];
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** The registers that the bridge answers; without a value none of them is answered. */
export function bridgedSpecs({ values }: BridgeMapping, model: MeterModel): RegisterSpec[] {
  return model.registers
    .filter(({ quantity }) => values.some((value) => value.quantity === quantity))
    .map((spec) => ({ ...spec, invalid: '' }));
}

/** Why the mapping does not fit the model, or null. */
export function mappingProblem(mapping: BridgeMapping, model: MeterModel): string | null {
  if (model.message !== null || model.sunspec !== null) return `${model.key} is no model with fixed Modbus registers`;
  for (const { quantity, unit } of mapping.values) {
    const spec = model.registers.find((one) => one.quantity === quantity);
    if (spec === undefined) return `${model.key} has no register ${quantity}`;
    if (spec.function < 3 || spec.scaleBy !== '' || CANNOT_BE_SAID.includes(spec.type))
      return `the register ${quantity} cannot be answered`;
    if (unit !== undefined && toRegister(spec, unit) === null) return `${quantity} cannot be told in "${unit}"`;
  }
  return null;
}

/** From a unit to that of the register. Of a name of the model's own the units are not known to belong together. */
function toRegister({ quantity, unit }: RegisterSpec, from: string): number | null {
  if (from === unit) return 1;
  const [given, kept] = isQuantity(quantity) ? [unitFactor(quantity, from), unitFactor(quantity, unit)] : [null, null];
  return given === null || kept === null ? null : given / kept;
}

/** All values of an answer or none: half an answer is no reading. */
export function readAnswer(text: string, { values }: BridgeMapping, model: MeterModel): BridgeReading {
  const lines = text.split('\n');
  let json: unknown;
  if (values.some((value) => value.json !== undefined)) {
    try {
      json = JSON.parse(text);
    } catch {
      return { ok: false, problem: 'the answer is no JSON' };
    }
  }
  const raw = new Map<string, number>();
  for (const value of values) {
    const spec = model.registers.find(({ quantity }) => quantity === value.quantity);
    const found = value.json === undefined ? lines[(value.line ?? 0) - 1]?.trim() : at(json, value.json);
    const number = numberOf(found);
    if (spec === undefined || number === null) return { ok: false, problem: `${value.quantity}: ${show(found)} is no number` };
    const unit = value.unitAt === undefined ? (value.unit ?? spec.unit) : at(json, value.unitAt);
    const factor = typeof unit === 'string' ? toRegister(spec, unit) : null;
    if (factor === null) return { ok: false, problem: `${value.quantity}: the unit is ${show(unit)}` };
    raw.set(value.quantity, (number * value.factor * factor - spec.offset) / spec.scale);
  }
  return { ok: true, raw };
}

function numberOf(found: unknown): number | null {
  const number = typeof found === 'number' || (typeof found === 'string' && NUMBER.test(found)) ? Number(found) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function at(json: unknown, pointer: string): unknown {
  let place = json;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return undefined;
    place = (place as Record<string, unknown>)[name];
  }
  return place;
}

function show(found: unknown): string {
  return found === undefined ? 'nothing' : (JSON.stringify(found) ?? 'nothing').slice(0, 60);
}
