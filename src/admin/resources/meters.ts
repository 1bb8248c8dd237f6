import type { Reach } from '../../domain/permission.ts';
import { describeHole, type RegisterHole } from '../../domain/register-hole.ts';
import { InvalidInput } from '../../errors.ts';
import { installationsWithin, metersWithin } from '../../store/reach.ts';
import { changeMeter } from '../../use-cases/change-meter.ts';
import { installMeter } from '../../use-cases/install-meter.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Input, Row } from '../row.ts';
import { besideMeters, METER_HEALTH } from './health-fields.ts';
import { trustOf, TRUST } from './meter-models.ts';
import { at, CHANGED, forUseCase, joined, MADE, NO_HOLES, rowsAt, SENDS } from './words.ts';

const places = (reach: Reach) => ({
  installations: {
    where: { AND: [{ running: true }, installationsWithin(reach)] },
    select: {
      unitId: true,
      line: { select: { name: true, transport: true } },
      point: { select: { name: true, flat: { select: { name: true, building: { select: { name: true, demo: true } } } } } },
    },
  },
});

function running(row: Row): Row {
  return rowsAt(row, 'installations')[0] ?? {};
}

function placeOf(row: Row): string {
  const installation = running(row);
  return joined(
    at(installation, 'point', 'flat', 'building', 'name'),
    at(installation, 'point', 'flat', 'name'),
    at(installation, 'point', 'name'),
  );
}

function isDemo(row: Row): boolean {
  const { point } = running(row) as { point?: { flat: { building: { demo: boolean } } } };
  return point?.flat.building.demo === true;
}

function wayOf(row: Row): string {
  return at(running(row), 'line', 'transport') === 'push' ? SENDS : 'It is asked';
}

function lineOf(row: Row): string {
  const installation = running(row);
  return installation['unitId'] === undefined ? '' : `${at(installation, 'line', 'name')}, unit ${at(installation, 'unitId')}`;
}

export function meters(deps: OfficeDeps, actions: ActionSpec[]): ResourceSpec {
  async function modelKey(input: Input): Promise<Input> {
    const { modelId, ...rest } = input;
    const model = await deps.database.prisma.meterModel.findUnique({ where: { id: Number(modelId) }, select: { key: true } });
    if (!model) throw new InvalidInput({ modelId: 'does not exist' });
    return { ...rest, modelKey: model.key };
  }

  return {
    id: 'meters',
    model: 'Meter',
    label: 'Meters',
    one: 'Meter',
    group: 'Metering',
    title: 'serial',
    read: 'meter:read',
    change: 'meter:change',
    within: metersWithin,
    list: ['serial', 'place', 'line', 'modelId', 'state', 'stateSince', 'answers'],
    show: [
      'serial',
      'place',
      'line',
      'way',
      'modelId',
      'trust',
      'description',
      'aliases',
      'cadence',
      'state',
      'stateSince',
      'stateReason',
      'stateDetail',
      'lastAnswer',
      'lastFailure',
      'answers',
      'latency',
      'holes',
      'demo',
      'createdAt',
      'updatedAt',
    ],
    filter: ['serial', 'modelId', 'state', 'description'],
    create: ['flatId', 'serial', 'modelId', 'lineId', 'unitId', 'pointName', 'ctRatio', 'ptRatio', 'fromAt', 'description', 'cadence'],
    edit: ['serial', 'modelId', 'description', 'cadence'],
    sort: { by: 'serial', direction: 'asc' },
    fields: {
      flatId: {
        label: 'Flat',
        formOnly: true,
        reference: 'flats',
        required: true,
        help: 'Where it measures. Point and installation are made by themselves.',
      },
      serial: { label: 'Serial number', help: 'As printed on the meter. A meter that was closed comes back under its number.' },
      modelId: { label: 'Model', help: 'It decides which registers are read.' },
      lineId: {
        label: 'Line',
        formOnly: true,
        reference: 'lines',
        required: true,
        help: 'The gateway or bus it hangs on, in the same building.',
      },
      unitId: { label: 'Unit id', formOnly: true, type: 'number', required: true, help: 'Its Modbus address on the line, 1 to 247.' },
      pointName: { label: 'Point', formOnly: true, help: 'Empty: the only point of the flat if it is free, otherwise a new one.' },
      ctRatio: { label: 'CT ratio', formOnly: true, type: 'number', help: 'Current transformer, such as 40 for 200/5 A. Empty for 1.' },
      ptRatio: { label: 'PT ratio', formOnly: true, type: 'number', help: 'Voltage transformer. Empty for 1.' },
      fromAt: { label: 'From', formOnly: true, type: 'datetime', help: 'Empty: from the first value read.' },
      cadence: { help: 'Overrides the usual rhythm: a cron expression, or a period such as 30s. Empty for the usual.' },
      state: {
        values: [
          { value: 'new', label: 'New (never read)' },
          { value: 'ok', label: 'OK' },
          { value: 'silent', label: 'Silent' },
          { value: 'closed', label: 'Closed' },
        ],
      },
      stateSince: { label: 'Since' },
      stateReason: { label: 'Reason' },
      stateDetail: { label: 'Detail' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    beside: besideMeters(deps.redis),
    computed: {
      ...METER_HEALTH,
      place: { label: 'Place', select: places, value: placeOf },
      line: { label: 'Line', select: places, value: lineOf },
      way: { label: 'How it is read', select: places, value: wayOf },
      trust: { label: 'Trust in the model', select: () => ({ model: { select: TRUST } }), value: (row) => trustOf(row['model'] as Row) },
      holes: {
        label: 'Refuses',
        select: () => ({
          holes: { select: { function: true, address: true, count: true }, orderBy: [{ function: 'asc' }, { address: 'asc' }] },
        }),
        value: (row) => (row['holes'] as RegisterHole[]).map(describeHole).join(', ') || NO_HOLES,
      },
      aliases: {
        label: 'Aliases',
        select: () => ({ aliases: { select: { kind: true, value: true }, orderBy: { id: 'asc' } } }),
        value: (row) =>
          rowsAt(row, 'aliases')
            .map((alias) => `${at(alias, 'kind')} ${at(alias, 'value')}`)
            .join(', '),
      },
      demo: { label: 'Virtual', select: places, value: (row) => (isDemo(row) ? 'Yes, of the demo' : 'No') },
    },
    actions,
    empty: 'There is no meter yet. Make one: it asks for the flat, the line, the unit id and the model.',
    onCreate: async (actor, input) => (await installMeter(deps, actor, forUseCase(await modelKey(input)))).id,
    onEdit: async (actor, id, input) =>
      void (await changeMeter(deps, actor, forUseCase({ ...(input['modelId'] === undefined ? input : await modelKey(input)), id }))),
  };
}
