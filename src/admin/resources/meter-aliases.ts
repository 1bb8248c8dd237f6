import { metersWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { addAlias, removeAlias } from '../../use-cases/name-meter.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, forUseCase } from './words.ts';

export function meterAliases(deps: Deps): ResourceSpec {
  return {
    id: 'meter-aliases',
    model: 'MeterAlias',
    label: 'Meter aliases',
    one: 'Meter alias',
    group: 'Metering',
    title: 'name',
    read: 'meter:read',
    change: 'meter:change',
    within: (reach) => ({ meter: metersWithin(reach) }),
    list: ['meterId', 'kind', 'value'],
    show: ['meterId', 'kind', 'value'],
    filter: ['meterId', 'kind', 'value'],
    create: ['meterId', 'kind', 'value'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      meterId: { label: 'Meter' },
      kind: {
        values: [
          { value: 'sender', label: 'Sender' },
          { value: 'uuid', label: 'UUID' },
          { value: 'topic', label: 'Topic prefix' },
        ],
        help: 'By what another system tells this meter from others.',
      },
      value: { label: 'Name', help: 'Such as building/panel1 for topics building/panel1/voltage_l1. No two meters have the same.' },
    },
    computed: {
      name: {
        label: 'Alias',
        select: () => ({ value: true, meter: { select: { serial: true } } }),
        value: (row) => `${at(row, 'meter', 'serial')}: ${at(row, 'value')}`,
      },
    },
    onCreate: async (actor, input) => (await addAlias(deps, actor, forUseCase(input))).id,
    onRemove: (actor, id) => removeAlias(deps, actor, { id: Number(id) }),
    empty: 'No meter has another name yet. An alias is what another system calls a meter: a topic prefix, a sender, a UUID.',
  };
}
