import { MAP_TYPES } from '../../domain/modbus-map.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import { modbusUnitsWithin } from '../../store/reach.ts';
import {
  addModbusRegister,
  changeModbusRegister,
  changeModbusUnit,
  createModbusUnit,
  deleteModbusRegister,
  deleteModbusUnitOf,
} from '../../use-cases/modbus-units.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, joined, MADE } from './words.ts';

const SETTINGS = ['unitId', 'wordOrder', 'noValue', 'slots'];

const EMPTY =
  'Nothing is shown to a building controller yet. Open a building and its Modbus map: each of its meters is added with one click. The server of the map is switched on with MODBUS_PORT.';

export function modbusUnits(deps: OfficeDeps): ResourceSpec {
  return {
    id: 'modbus-units',
    model: 'ModbusUnit',
    label: 'Modbus units',
    one: 'Modbus unit',
    group: 'Metering',
    title: 'name',
    read: 'installation:read',
    change: 'installation:change',
    within: modbusUnitsWithin,
    list: ['unitId', 'meterId', 'buildingId', 'wordOrder', 'noValue', 'slots'],
    show: ['buildingId', 'meterId', ...SETTINGS, 'registers', 'createdAt', 'updatedAt'],
    filter: ['unitId', 'meterId', 'buildingId'],
    create: ['buildingId', 'meterId', ...SETTINGS],
    edit: SETTINGS,
    remove: true,
    sort: { by: 'unitId', direction: 'asc' },
    fields: {
      buildingId: { label: 'Building' },
      meterId: { label: 'Meter', help: 'One that hangs in this building.' },
      unitId: { label: 'Unit', required: false, help: '1 to 247, each once. Empty for the next free one.' },
      wordOrder: {
        label: 'Word order',
        required: false,
        values: [
          { value: 'big', label: 'Most significant word first' },
          { value: 'little', label: 'Least significant word first' },
        ],
        help: 'Of numbers that need several registers.',
      },
      noValue: {
        label: 'Without a value',
        required: false,
        values: [
          { value: 'exception', label: 'Refuse: exception 11' },
          { value: 'marker', label: 'Answer the marker: NaN, FFFF, 80000000 …' },
        ],
        help: 'What a controller is told while a value is unknown or too old. It is never told a zero in its place.',
      },
      slots: { label: 'Missed readings', required: false, help: 'From so many on a value is too old. Empty for 2.' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      name: {
        label: 'Unit',
        select: () => ({ unitId: true, meter: { select: { serial: true } } }),
        value: (row) => joined(`Unit ${at(row, 'unitId')}`, at(row, 'meter', 'serial')),
      },
      registers: {
        label: 'Registers',
        select: () => ({ _count: { select: { registers: true } } }),
        value: (row) => (row['_count'] as { registers: number }).registers,
      },
    },
    empty: EMPTY,
    onCreate: async (actor, input) => (await createModbusUnit(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeModbusUnit(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deleteModbusUnitOf(deps, actor, { id: Number(id) }),
  };
}

const REGISTER = ['address', 'type', 'scale'];

export function modbusRegisters(deps: OfficeDeps): ResourceSpec {
  return {
    id: 'modbus-registers',
    model: 'ModbusRegister',
    label: 'Modbus registers',
    one: 'Modbus register',
    group: 'Metering',
    title: 'name',
    read: 'installation:read',
    change: 'installation:change',
    within: (reach) => ({ unit: modbusUnitsWithin(reach) }),
    list: ['modbusUnitId', 'address', 'quantity', 'type', 'scale'],
    show: ['modbusUnitId', 'address', 'quantity', 'type', 'scale'],
    filter: ['modbusUnitId', 'quantity'],
    create: ['modbusUnitId', 'quantity', ...REGISTER],
    edit: REGISTER,
    remove: true,
    sort: { by: 'address', direction: 'asc' },
    fields: {
      modbusUnitId: { label: 'Unit' },
      quantity: { values: QUANTITIES.map((quantity) => ({ value: quantity, label: quantity })) },
      address: {
        label: 'First register',
        help: 'Counted from 0, for functions 3 and 4 alike. 0 to 3 tell how old and how sure the values are.',
      },
      type: { values: MAP_TYPES.map((type) => ({ value: type, label: type })) },
      scale: { required: false, help: 'value = what is on the wire * scale, in V, A, W, var, VA, Hz, Wh or varh. Empty for 1.' },
    },
    computed: {
      name: {
        label: 'Register',
        select: () => ({ quantity: true, unit: { select: { unitId: true } } }),
        value: (row) => joined(`Unit ${at(row, 'unit', 'unitId')}`, at(row, 'quantity')),
      },
    },
    empty: EMPTY,
    onCreate: (actor, input) => addModbusRegister(deps, actor, forUseCase(input)),
    onEdit: (actor, id, input) => changeModbusRegister(deps, actor, forUseCase({ ...input, id })),
    onRemove: (actor, id) => deleteModbusRegister(deps, actor, { id: Number(id) }),
  };
}
