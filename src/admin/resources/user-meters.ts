import { everywhereOnly } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changeGivenMeter, giveMeter } from '../../use-cases/give-meter.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, forUseCase } from './words.ts';

export function userMeters(deps: Deps): ResourceSpec {
  return {
    id: 'user-meters',
    model: 'UserMeter',
    label: 'Single meters',
    one: 'Single meter',
    group: 'People',
    title: 'name',
    read: 'user:read',
    change: 'user:change',
    within: everywhereOnly,
    list: ['userId', 'meterId', 'fromAt', 'toAt'],
    show: ['userId', 'meterId', 'fromAt', 'toAt'],
    filter: ['userId', 'meterId'],
    create: ['userId', 'meterId', 'fromAt', 'toAt'],
    edit: ['fromAt', 'toAt'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      userId: { label: 'User', help: 'A person with the role tenant sees this meter, and nothing else of its building.' },
      meterId: { label: 'Meter' },
      fromAt: { label: 'From', help: 'Empty: from the beginning.' },
      toAt: { label: 'To', help: 'Empty: without end.' },
    },
    computed: {
      name: {
        label: 'Single meter',
        select: () => ({ user: { select: { email: true } }, meter: { select: { serial: true } } }),
        value: (row) => `${at(row, 'user', 'email')}: ${at(row, 'meter', 'serial')}`,
      },
    },
    onCreate: async (actor, input) => (await giveMeter(deps, actor, forUseCase(input))).id,
    onEdit: (actor, id, input) => changeGivenMeter(deps, actor, forUseCase({ ...input, id })),
    empty: 'Nobody was given a single meter. It is for a person who sees one meter without living in its flat.',
  };
}
