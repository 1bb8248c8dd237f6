import { MAP_TYPES } from '../../domain/modbus-map.ts';
import { reach } from '../../domain/permission.ts';
import { listModbusUnits, type ModbusUnitRow } from '../../store/modbus-units.ts';
import {
  changeModbusUnit,
  changeModbusUnitInput,
  createModbusUnit,
  createModbusUnitInput,
  deleteModbusUnitOf,
  exportModbusUnit,
} from '../../use-cases/modbus-units.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { fileAnswer, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const modbusUnit = z
  .object({
    id,
    buildingId: id,
    meterId: id,
    meter: z.string().openapi({ description: 'Its serial' }),
    unitId: z.number().int().openapi({ description: 'Under which a controller reads it, 1 to 247' }),
    wordOrder: z.enum(['big', 'little']),
    noValue: z.enum(['exception', 'marker']).openapi({
      description: 'How a register without a valid value is answered: exception 11, or NaN (float32), FFFF, FFFFFFFF, 80000000 and so on',
    }),
    slots: z.number().int().openapi({ description: 'From how many missed readings on a value is too old' }),
    registers: z.array(
      z.object({
        address: z.number().int().openapi({ description: 'Zero-based, for functions 3 and 4 alike' }),
        quantity: z.string(),
        type: z.enum(MAP_TYPES),
        scale: z.number().openapi({ description: 'value = raw * scale' }),
      }),
    ),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('ModbusUnit');

function toUnit({ meter, building: _, ...row }: ModbusUnitRow): z.input<typeof modbusUnit> {
  return {
    ...row,
    meter: meter.serial,
    registers: row.registers.map(({ address, quantity, type, scale }) => ({ address, quantity, type, scale })),
  };
}

const tags: [string] = ['modbus'];
const oneUnit = z.object({ modbusUnitId: idParam });

export const modbusUnitRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/modbus-units',
    summary: 'The Modbus TCP map: which meter a building controller reads under which unit id',
    tags,
    permission: 'installation:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional() }),
    response: listOf(modbusUnit),
    handler: async ({ deps, actor, query: { buildingId, ...page } }) =>
      toList(await listModbusUnits(deps.database.prisma, reach(actor, 'installation:read'), { buildingId }, pageRequest(page)), toUnit),
  }),
  route({
    method: 'post',
    path: '/modbus-units',
    summary: 'Show a meter under a unit id; the next free one with all its quantities, if nothing else is said',
    tags,
    permission: 'installation:change',
    body: createModbusUnitInput,
    response: modbusUnit,
    status: 201,
    handler: async ({ deps, actor, body }) => toUnit(await createModbusUnit(deps, actor, body)),
  }),
  route({
    method: 'patch',
    path: '/modbus-units/:modbusUnitId',
    summary: 'Change a unit; registers that are given replace all before',
    tags,
    permission: 'installation:change',
    params: oneUnit,
    body: changeModbusUnitInput,
    response: modbusUnit,
    handler: async ({ deps, actor, params, body }) => toUnit(await changeModbusUnit(deps, actor, { ...body, id: params.modbusUnitId })),
  }),
  route({
    method: 'delete',
    path: '/modbus-units/:modbusUnitId',
    summary: 'Take a unit out of the map',
    tags,
    permission: 'installation:change',
    params: oneUnit,
    handler: ({ deps, actor, params }) => deleteModbusUnitOf(deps, actor, { id: params.modbusUnitId }),
  }),
  route({
    method: 'get',
    path: '/modbus-units/:modbusUnitId/model',
    name: 'exportModbusUnit',
    summary: 'The unit as a file of the device library: another Wattbook reads it as a meter of that model',
    tags,
    permission: 'installation:read',
    params: oneUnit,
    response: fileAnswer,
    handler: async ({ deps, actor, params }) => ({
      ...(await exportModbusUnit(deps, actor, { id: params.modbusUnitId })),
      type: TYPE_OF_FORMAT.csv,
    }),
  }),
];
