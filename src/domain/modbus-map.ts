import { formatMeterModel } from './meter-model-csv.ts';
import type { MeterModel, Order, RegisterSpec } from './meter-model.ts';
import type { RegisterAnswer, RegisterRequest } from './modbus-answer.ts';
import { isEnergy, isQuantity, QUANTITIES, unitOf } from './quantity.ts';
import { checkRegisters } from './register-check.ts';
import { answerFrom, type NoValue } from './register-table.ts';

export const MAP_TYPES = ['float32', 'int32', 'uint32', 'int64', 'uint16'] as const;
export type MapType = (typeof MAP_TYPES)[number];

export interface MapRegister {
  /** Zero-based PDU address. */
  address: number;
  quantity: string;
  type: MapType;
  /** value = raw * scale, in the unit of the quantity. */
  scale: number;
}

/** The latest values of a meter, as one unit of the map answers them. */
export interface MapUnit {
  wordOrder: Order;
  noValue: NoValue;
  registers: readonly MapRegister[];
}

export interface LatestOfMeter {
  values: Readonly<Record<string, number>>;
  ageS: number;
  isTooOld: boolean;
}

const FIRST_QUANTITY = 4;

const WORDS: Record<MapType, number> = { float32: 2, int32: 2, uint32: 2, int64: 4, uint16: 1 };
/** Most significant word first. */
const MARKERS: Record<MapType, readonly string[]> = {
  float32: ['7FC0', '0000'],
  int32: ['8000', '0000'],
  uint32: ['FFFF', 'FFFF'],
  int64: ['8000', '0000', '0000', '0000'],
  uint16: ['FFFF'],
};

const NEVER = 0xffff_ffff;
const VALIDITY = { none: 0, valid: 1, tooOld: 2 } as const;

const SOURCE = 'Modbus map of Wattbook';

function spec(register: MapRegister, unit: string, more: Partial<RegisterSpec>): RegisterSpec {
  return {
    ...register,
    unit,
    function: 3,
    words: WORDS[register.type],
    wordOrder: 'big',
    byteOrder: 'big',
    scaleBy: '',
    offset: 0,
    invalid: '',
    ratio: 'none',
    counter: null,
    writable: '',
    description: '',
    source: SOURCE,
    ...more,
  };
}

/** How old, how sure: answered always, whatever is known of the meter. */
function statusSpecs(wordOrder: Order): RegisterSpec[] {
  const status = (address: number, quantity: string, type: MapType) => ({ address, quantity, type, scale: 1 });
  return [
    spec(status(0, 'value_age', 'uint32'), 's', {
      wordOrder,
      invalid: 'FFFFFFFF',
      description: 'Seconds since the values were taken; FFFFFFFF while none was',
    }),
    spec(status(2, 'value_validity', 'uint16'), '', { description: '0 = no value yet, 1 = valid, 2 = too old' }),
    spec(status(3, 'value_slots', 'uint16'), '', { description: 'From how many missed readings on values are too old' }),
  ];
}

function markerOf(type: MapType, wordOrder: Order): string {
  return (wordOrder === 'big' ? MARKERS[type] : MARKERS[type].toReversed()).join('');
}

/** In the order of their addresses. */
function specsOf({ wordOrder, noValue, registers }: MapUnit): RegisterSpec[] {
  const values = registers.map((register) => {
    const { quantity, type } = register;
    return spec(register, isQuantity(quantity) ? unitOf(quantity) : '', {
      wordOrder: WORDS[type] === 1 ? 'big' : wordOrder,
      invalid: noValue === 'marker' ? markerOf(type, wordOrder) : '',
      counter: isEnergy(quantity) ? 'lifetime' : null,
    });
  });
  return [...statusSpecs(wordOrder), ...values].toSorted((a, b) => a.address - b.address);
}

/** Counters to the watt-hour, all else as a float. */
export function layoutOf(quantities: readonly string[]): MapRegister[] {
  let next = FIRST_QUANTITY;
  return QUANTITIES.filter((quantity) => quantities.includes(quantity)).map((quantity) => {
    const type = isEnergy(quantity) ? 'int64' : 'float32';
    const address = next;
    next += WORDS[type];
    return { address, quantity, type, scale: 1 };
  });
}

/** Why these registers cannot be answered, or null. */
export function problemOf(unit: MapUnit): string | null {
  const unknown = unit.registers.find(({ quantity }) => !isQuantity(quantity));
  if (unknown !== undefined) return `${unknown.quantity} is no quantity that every meter's latest values have`;
  const specs = specsOf(unit);
  const [first] = checkRegisters({ maxRegisters: 125, registers: specs });
  if (first !== undefined) return `${specs[first.index]?.quantity}, ${first.field}: ${first.problem}`;
  // Two names of one value may share a register of a meter; here each has its own.
  const double = specs.find((one, index) => index > 0 && one.address < end(specs[index - 1]));
  return double === undefined ? null : `${double.quantity} lies on registers that are taken`;
}

function end(one: RegisterSpec | undefined): number {
  return one === undefined ? 0 : one.address + one.words;
}

/** `latest` is null where nothing is known of the meter; `slots` from how many missed readings on a value is too old. */
export function answerUnit(unit: MapUnit, request: RegisterRequest, latest: LatestOfMeter | null, slots: number): RegisterAnswer {
  const status: Record<string, number> = {
    value_age: latest === null ? NEVER : Math.min(latest.ageS, NEVER - 1),
    value_validity: latest === null ? VALIDITY.none : latest.isTooOld ? VALIDITY.tooOld : VALIDITY.valid,
    value_slots: slots,
  };
  const values = latest === null || latest.isTooOld ? {} : latest.values;
  return answerFrom(specsOf(unit), request, ({ quantity, scale }) => {
    const value = Object.hasOwn(status, quantity) ? status[quantity] : values[quantity];
    return value === undefined ? null : value / scale;
  });
}

/** A file of the device library: with it another system reads the unit as a meter. */
export function modelFileOf(unit: MapUnit, { key, name, family }: Pick<MeterModel, 'key' | 'name' | 'family'>): string {
  return formatMeterModel({
    key,
    vendor: 'Wattbook',
    name,
    family,
    manual: '',
    maxRegisters: 125,
    evenOnly: false,
    sunspec: null,
    message: null,
    verified: false,
    registers: specsOf(unit),
  });
}
