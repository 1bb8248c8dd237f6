import { reach } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findLine, listLines, type Line } from '../../store/lines.ts';
import { changeLine, changeLineInput } from '../../use-cases/change-line.ts';
import { createLine, createLineInput } from '../../use-cases/create-line.ts';
import { deleteLine } from '../../use-cases/delete-line.ts';
import { wholeField } from '../../use-cases/input.ts';
import { lineFields } from '../../use-cases/line-fields.ts';
import { listSerialPorts } from '../../use-cases/list-serial-ports.ts';
import { testConnection } from '../../use-cases/test-connection.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const line = z
  .object({
    id,
    buildingId: id,
    name: z.string(),
    transport: z.enum(['tcp', 'rtu_over_tcp', 'rtu', 'push']),
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    serialPath: z.string().nullable(),
    baudRate: z.number().int().nullable(),
    parity: z.string().nullable().openapi({ description: 'none, even or odd' }),
    stopBits: z.number().int().nullable(),
    timeoutMs: z.number().int(),
    retries: z.number().int(),
    pauseMs: z.number().int(),
    keepOpen: z.boolean().openapi({ description: 'False: the connection is let go at the end of each round' }),
    poller: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Line');

const asIs = (row: Line): z.input<typeof line> => row;

const connection = z
  .discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), latencyMs: z.number(), detail: z.string() }),
    z.object({ ok: z.literal(false), reason: z.string(), detail: z.string(), latencyMs: z.number() }),
  ])
  .openapi('ConnectionTest');

const serialPorts = z.object({ items: z.array(z.object({ path: z.string(), detail: z.string() })) }).openapi('SerialPorts');

const tags: [string] = ['lines'];
const params = z.object({ lineId: idParam });

export const lineRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/lines',
    summary: 'Buses, gateways and single TCP meters: one request at a time each',
    tags,
    permission: 'line:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional() }),
    response: listOf(line),
    handler: async ({ deps, actor, query: { buildingId, ...page } }) =>
      toList(await listLines(deps.database.prisma, reach(actor, 'line:read'), { buildingId }, pageRequest(page)), asIs),
  }),
  route({
    method: 'post',
    path: '/lines',
    summary: 'Make a line in a building: Modbus TCP, RTU over TCP or RTU on a serial port',
    tags,
    permission: 'line:change',
    body: createLineInput,
    response: line,
    status: 201,
    handler: async ({ deps, actor, body }) => asIs(await createLine(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/lines/:lineId',
    summary: 'One line',
    tags,
    permission: 'line:read',
    params,
    response: line,
    handler: async ({ deps, actor, params: { lineId } }) => {
      const row = await findLine(deps.database.prisma, reach(actor, 'line:read'), lineId);
      if (row === null) throw new NotFound('This line');
      return asIs(row);
    },
  }),
  route({
    method: 'patch',
    path: '/lines/:lineId',
    summary: 'Change a line',
    tags,
    permission: 'line:change',
    params,
    body: changeLineInput,
    response: line,
    handler: async ({ deps, actor, params: { lineId }, body }) => asIs(await changeLine(deps, actor, { ...body, id: lineId })),
  }),
  route({
    method: 'delete',
    path: '/lines/:lineId',
    summary: 'Remove a line that no meter was ever on',
    tags,
    permission: 'line:change',
    params,
    handler: ({ deps, actor, params: { lineId } }) => deleteLine(deps, actor, { id: lineId }),
  }),
  route({
    method: 'post',
    path: '/lines/:lineId/test-connection',
    name: 'testConnection',
    summary: 'Is there a device at the end of the line, and a meter under that unit id? Waits for the answer',
    tags,
    permission: 'meter:control',
    params,
    body: z.object({ unitId: wholeField(1, 247) }),
    response: connection,
    refuses: [504],
    handler: ({ deps, actor, params: { lineId }, body: { unitId } }) => testConnection(deps, actor, { lineId, unitId }),
  }),
  route({
    method: 'get',
    path: '/serial-ports',
    name: 'listSerialPorts',
    summary: 'The serial ports of the machine on which a poller runs. Waits for the answer',
    tags,
    permission: 'line:change',
    query: z.object({ poller: lineFields.poller }),
    response: serialPorts,
    refuses: [504],
    handler: async ({ deps, actor, query: { poller = 'main' } }) => ({ items: await listSerialPorts(deps, actor, { poller }) }),
  }),
];
