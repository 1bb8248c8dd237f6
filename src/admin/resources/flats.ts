import { flatsWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changeFlat } from '../../use-cases/change-flat.ts';
import { createFlat } from '../../use-cases/create-flat.ts';
import { deleteFlat } from '../../use-cases/delete-flat.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, joined, MADE, rowsAt } from './words.ts';

const METERS = { points: { select: { installations: { where: { running: true }, select: { meter: { select: { serial: true } } } } } } };

export function flats(deps: Deps): ResourceSpec {
  return {
    id: 'flats',
    model: 'Flat',
    label: 'Flats',
    one: 'Flat',
    group: 'Building',
    title: 'place',
    read: 'flat:read',
    change: 'flat:change',
    within: flatsWithin,
    list: ['name', 'buildingId', 'kind', 'areaM2', 'meters'],
    show: ['name', 'buildingId', 'kind', 'areaM2', 'meters', 'createdAt', 'updatedAt'],
    filter: ['name', 'buildingId', 'kind'],
    create: ['buildingId', 'name', 'kind', 'areaM2'],
    edit: ['name', 'kind', 'areaM2'],
    remove: true,
    sort: { by: 'id', direction: 'asc' },
    fields: {
      buildingId: { label: 'Building' },
      name: { help: 'As people call it, such as "Flat 3" or "Staircase". Unique in the building.' },
      kind: {
        help: 'Consumption is consumers, common areas and charging; production is producers. The grid meter is in neither. Empty for a flat.',
        values: [
          { value: 'consumer', label: 'Consumer (a flat)' },
          { value: 'common', label: 'Common area' },
          { value: 'producer', label: 'Producer (PV, CHP)' },
          { value: 'grid', label: 'Grid (main meter)' },
          { value: 'storage', label: 'Storage' },
          { value: 'ev', label: 'Charging' },
        ],
      },
      areaM2: { label: 'Area (m²)' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      place: {
        label: 'Flat',
        select: () => ({ building: { select: { name: true } }, name: true }),
        value: (row) => joined(at(row, 'building', 'name'), at(row, 'name')),
        search: (text) => ({ OR: [{ name: { contains: text } }, { building: { name: { contains: text } } }] }),
      },
      meters: {
        label: 'Meters',
        select: () => METERS,
        value: (row) =>
          rowsAt(row, 'points')
            .flatMap((point) => rowsAt(point, 'installations'))
            .map((installation) => at(installation, 'meter', 'serial'))
            .join(', '),
      },
    },
    empty: 'There is no flat yet. A flat is whatever has its own meters: a home, the staircase, the solar roof, the main connection.',
    onCreate: async (actor, input) => (await createFlat(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeFlat(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deleteFlat(deps, actor, { id: Number(id) }),
  };
}
