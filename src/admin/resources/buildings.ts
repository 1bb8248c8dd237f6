import { buildingsWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changeBuilding } from '../../use-cases/change-building.ts';
import { createBuilding } from '../../use-cases/create-building.ts';
import { deleteBuilding } from '../../use-cases/delete-building.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { CHANGED, forUseCase, MADE } from './words.ts';

const FORM = ['name', 'address', 'zone', 'billingStartDay', 'language', 'recipients', 'gridZone'];

export function buildings(deps: Deps, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'buildings',
    model: 'Building',
    label: 'Buildings',
    one: 'Building',
    group: 'Building',
    title: 'name',
    read: 'building:read',
    change: 'building:change',
    within: buildingsWithin,
    list: ['name', 'address', 'flats', 'zone', 'recipients', 'demo'],
    show: [...FORM, 'flats', 'demo', 'createdAt', 'updatedAt'],
    filter: ['name', 'address', 'gridZone'],
    create: FORM,
    edit: FORM,
    remove: true,
    sort: { by: 'name', direction: 'asc' },
    fields: {
      zone: {
        label: 'Time zone',
        help: 'A name of the IANA list, such as Europe/Berlin. Days and months of this building begin at its midnight. Empty for Europe/Berlin.',
      },
      billingStartDay: {
        label: 'Billing starts on day',
        help: '1 to 28: the day of the month on which a billing period begins. Empty for 1.',
      },
      language: { help: 'en, de or it: the language of its mails and bills. Empty for en.' },
      recipients: {
        label: 'Mails go to',
        help: 'Who is told when a meter falls silent and when it answers again, and gets the sheet of a month on the first of the next: mail addresses separated by commas.',
      },
      gridZone: {
        label: 'Zone of the grid',
        help: 'How the grid operator calls the part of the grid that it belongs to, such as E: programs ask for statistics and alarms by it. Empty for none. It is not its time zone.',
      },
      demo: { label: 'Demo' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      flats: {
        label: 'Flats',
        select: () => ({ _count: { select: { flats: true } } }),
        value: (row) => (row['_count'] as { flats: number }).flats,
      },
    },
    actions,
    empty: 'There is no building yet. Make the first one: flats, lines and meters belong to it.',
    onCreate: async (actor, input) => (await createBuilding(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeBuilding(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deleteBuilding(deps, actor, { id: Number(id) }),
  };
}
