import { installationsWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changeInstallation } from '../../use-cases/change-installation.ts';
import { placeMeter } from '../../use-cases/place-meter.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, joined, MADE } from './words.ts';

const PLACE = ['lineId', 'unitId', 'fromAt', 'toAt', 'ctRatio', 'ptRatio'];
const COUNTERS = ['firstImportWh', 'firstExportWh', 'lastImportWh', 'lastExportWh'];

export function installations(deps: Deps): ResourceSpec {
  return {
    id: 'installations',
    model: 'Installation',
    label: 'Installations',
    one: 'Installation',
    group: 'Metering',
    title: 'name',
    read: 'installation:read',
    change: 'installation:change',
    within: installationsWithin,
    list: ['meterId', 'pointId', 'lineId', 'unitId', 'fromAt', 'toAt', 'running'],
    show: ['meterId', 'pointId', ...PLACE, 'running', ...COUNTERS, 'createdAt', 'updatedAt'],
    filter: ['meterId', 'pointId', 'lineId', 'running'],
    create: ['meterId', 'pointId', ...PLACE],
    edit: [...PLACE, ...COUNTERS],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      meterId: { label: 'Meter' },
      pointId: { label: 'Point', help: 'Where the meter hangs.' },
      lineId: { label: 'Line', help: 'In the same building as the point.' },
      unitId: { label: 'Unit id', help: 'Its Modbus address on the line, 1 to 247.' },
      fromAt: { label: 'From', help: 'Empty: from the first value read. A start in the future waits.' },
      toAt: { label: 'To', help: 'Empty while it runs.' },
      ctRatio: { label: 'CT ratio', help: 'Current transformer, such as 40 for 200/5 A. 1 without one.' },
      ptRatio: { label: 'PT ratio', help: 'Voltage transformer. 1 without one.' },
      firstImportWh: { label: 'First import counter (Wh)' },
      firstExportWh: { label: 'First export counter (Wh)' },
      lastImportWh: { label: 'Last import counter (Wh)', help: 'Read off the meter when it was taken down.' },
      lastExportWh: { label: 'Last export counter (Wh)' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      name: {
        label: 'Installation',
        select: () => ({ meter: { select: { serial: true } }, point: { select: { name: true, flat: { select: { name: true } } } } }),
        value: (row) => joined(at(row, 'meter', 'serial'), at(row, 'point', 'flat', 'name'), at(row, 'point', 'name')),
        search: (text) => ({ OR: [{ meter: { serial: { contains: text } } }, { point: { flat: { name: { contains: text } } } }] }),
      },
    },
    empty: 'An installation says which meter hangs where, and from when to when. Making a meter makes one.',
    onCreate: async (actor, input) => (await placeMeter(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeInstallation(deps, actor, forUseCase({ ...input, id }))),
  };
}
