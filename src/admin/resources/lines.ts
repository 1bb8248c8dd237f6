import { BAUD_RATES, PARITIES, STOP_BITS } from '../../domain/line-place.ts';
import { linesWithin } from '../../store/reach.ts';
import { changeLine } from '../../use-cases/change-line.ts';
import { createLine } from '../../use-cases/create-line.ts';
import { deleteLine } from '../../use-cases/delete-line.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { besideLines, LINE_HEALTH } from './health-fields.ts';
import { at, CHANGED, forUseCase, joined, MADE } from './words.ts';

const PLACE = ['transport', 'host', 'port', 'serialPath', 'baudRate', 'parity', 'stopBits'];
const FORM = ['name', ...PLACE, 'timeoutMs', 'retries', 'pauseMs', 'keepOpen', 'poller'];
const numbers = (values: readonly number[]) => values.map((value) => ({ value: String(value), label: String(value) }));

export function lines(deps: OfficeDeps, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'lines',
    model: 'Line',
    label: 'Lines',
    one: 'Line',
    group: 'Metering',
    title: 'place',
    read: 'line:read',
    change: 'line:change',
    within: linesWithin,
    list: ['name', 'buildingId', 'transport', 'address', 'meters', 'connection', 'occupancy'],
    show: ['buildingId', ...FORM, 'meters', 'connection', 'occupancy', 'lastRound', 'predicted', 'createdAt', 'updatedAt'],
    filter: ['name', 'buildingId', 'transport', 'host', 'serialPath', 'poller'],
    create: ['buildingId', ...FORM],
    edit: FORM,
    remove: true,
    fields: {
      buildingId: { label: 'Building' },
      name: { help: 'Such as "Basement gateway". A line is a bus, a gateway or one TCP meter: one request at a time.' },
      transport: {
        help: 'Modbus TCP: a meter or gateway that speaks Modbus TCP. RTU over TCP: a gateway that passes raw RTU frames on ("transparent", "TCP server"). RTU (serial): a bus on a serial port of the machine where the poller runs. Empty for Modbus TCP.',
        values: [
          { value: 'tcp', label: 'Modbus TCP' },
          { value: 'rtu_over_tcp', label: 'RTU over TCP' },
          { value: 'rtu', label: 'RTU (serial)' },
          { value: 'push', label: 'Pushed messages' },
        ],
      },
      host: { help: 'Host name or IP address of the gateway or meter, without a port. Empty on a serial port.' },
      port: { help: 'Modbus TCP mostly listens on 502. Empty on a serial port.' },
      serialPath: {
        label: 'Serial port',
        help: 'Only RTU (serial). A name under /dev/serial/by-id stays the same when adapters are plugged in another order.',
        edit: 'SerialPath',
      },
      baudRate: {
        label: 'Baud rate',
        help: 'Only RTU (serial): as fast as the meters are set to. Empty for 9600.',
        values: numbers(BAUD_RATES),
      },
      parity: {
        help: 'Only RTU (serial): as the meters are set to. Empty for none.',
        values: PARITIES.map((parity) => ({ value: parity, label: parity })),
      },
      stopBits: { label: 'Stop bits', help: 'Only RTU (serial): mostly 1. Empty for 1.', values: numbers(STOP_BITS) },
      timeoutMs: { label: 'Time-out (ms)', help: 'How long to wait for an answer. Empty for 1000.' },
      retries: { help: 'How often a meter that does not answer is asked again in the same round. Empty for 2.' },
      pauseMs: { label: 'Pause (ms)', help: 'Rest between two requests; some gateways need it. Empty for none.' },
      keepOpen: {
        label: 'Keep the connection open',
        help: 'Not for a gateway that serves only one or two connections and is asked by others, too: then it is let go after each round.',
        edit: 'TickedAtFirst',
      },
      poller: { help: 'The name of the poller process that owns this line. Empty for main.' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    beside: besideLines(deps),
    computed: {
      ...LINE_HEALTH,
      place: {
        label: 'Line',
        select: () => ({ name: true, building: { select: { name: true } } }),
        value: (row) => joined(at(row, 'building', 'name'), at(row, 'name')),
        search: (text) => ({ OR: [{ name: { contains: text } }, { building: { name: { contains: text } } }] }),
      },
      address: {
        label: 'Address',
        select: () => ({ host: true, port: true, serialPath: true }),
        value: (row) => at(row, 'serialPath') || [at(row, 'host'), at(row, 'port')].filter(Boolean).join(':'),
      },
      meters: {
        label: 'Meters',
        select: () => ({ _count: { select: { installations: { where: { running: true } } } } }),
        value: (row) => (row['_count'] as { installations: number }).installations,
      },
    },
    actions,
    empty: 'There is no line yet. A line says how meters are reached: by host and port of a gateway or a meter, or by a serial port.',
    onCreate: async (actor, input) => (await createLine(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeLine(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deleteLine(deps, actor, { id: Number(id) }),
  };
}
