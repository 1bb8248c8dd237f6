import { pointsWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changePoint } from '../../use-cases/change-point.ts';
import { createPoint } from '../../use-cases/create-point.ts';
import { deletePoint } from '../../use-cases/delete-point.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, joined, MADE, rowsAt } from './words.ts';

const FORM = ['name', 'inverted', 'hourlyLimitKwh', 'maxPowerW'];

export function points(deps: Deps, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'points',
    model: 'Point',
    label: 'Points',
    one: 'Point',
    group: 'Building',
    title: 'place',
    read: 'point:read',
    change: 'point:change',
    within: pointsWithin,
    list: ['name', 'flatId', 'inverted', 'hourlyLimitKwh', 'maxPowerW'],
    show: ['flatId', ...FORM, 'formula', 'createdAt', 'updatedAt'],
    filter: ['name', 'flatId'],
    create: ['flatId', ...FORM],
    edit: FORM,
    remove: true,
    fields: {
      flatId: { label: 'Flat' },
      inverted: { label: 'Inverted', help: 'Yes when the meter counts production as import.' },
      hourlyLimitKwh: { label: 'Hourly limit (kWh)', help: 'Somebody is told when an hour takes more. Empty for no limit.' },
      maxPowerW: { label: 'Physical maximum (W)', help: 'More cannot flow here: a value above it is refused. Empty when not known.' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      formula: {
        label: 'Formula',
        select: () => ({
          terms: { select: { sign: true, part: { select: { name: true, flat: { select: { name: true } } } } }, orderBy: { partId: 'asc' } },
        }),
        value: (row) =>
          rowsAt(row, 'terms')
            .map((term) => `${at(term, 'sign') === 'plus' ? '+' : '−'} ${at(term, 'part', 'flat', 'name')}, ${at(term, 'part', 'name')}`)
            .join(' '),
      },
      place: {
        label: 'Point',
        select: () => ({ name: true, flat: { select: { name: true, building: { select: { name: true } } } } }),
        value: (row) => joined(at(row, 'flat', 'building', 'name'), at(row, 'flat', 'name'), at(row, 'name')),
        search: (text) => ({ OR: [{ name: { contains: text } }, { flat: { name: { contains: text } } }] }),
      },
    },
    actions,
    empty: 'A point is where energy is measured for a flat. Putting a meter into a flat makes one by itself.',
    onCreate: async (actor, input) => (await createPoint(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changePoint(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deletePoint(deps, actor, { id: Number(id) }),
  };
}
