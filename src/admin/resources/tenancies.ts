import type { Actor } from '../../domain/permission.ts';
import { reach } from '../../domain/permission.ts';
import { InvalidInput } from '../../errors.ts';
import { tenanciesWithin } from '../../store/reach.ts';
import { findTenancy } from '../../store/tenancies.ts';
import { seen, type Deps } from '../../use-cases/access.ts';
import { changeTenancy } from '../../use-cases/change-tenancy.ts';
import { createTenancy } from '../../use-cases/create-tenancy.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, joined, MADE, rowsAt } from './words.ts';

const FORM = ['name', 'address', 'email', 'fromAt', 'toAt'];

// The same for somebody unknown and for somebody out of sight: nobody learns who has a log-in.
const NOBODY_HERE = 'is not the address of somebody you may name here; an administrator makes users and gives them their flats';

export function tenancies(deps: Deps): ResourceSpec {
  return {
    id: 'tenancies',
    model: 'Tenancy',
    label: 'Tenancies',
    one: 'Tenancy',
    group: 'Building',
    title: 'name',
    read: 'tenancy:read',
    change: 'tenancy:change',
    within: tenanciesWithin,
    list: ['name', 'flatId', 'fromAt', 'toAt', 'people'],
    show: ['flatId', ...FORM, 'people', 'createdAt', 'updatedAt'],
    filter: ['name', 'flatId', 'email'],
    create: ['flatId', ...FORM],
    edit: FORM,
    sort: { by: 'fromAt', direction: 'desc' },
    fields: {
      flatId: { label: 'Flat' },
      name: { label: 'Party', help: 'Who lives there, as on the bill.' },
      email: { label: 'E-mail' },
      fromAt: { label: 'From' },
      toAt: { label: 'To', help: 'Empty while they live there. A flat is let to one party at a time.' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      people: {
        label: 'May log in',
        select: () => ({ users: { select: { user: { select: { email: true } } } } }),
        value: (row) =>
          rowsAt(row, 'users')
            .map((entry) => at(entry, 'user', 'email'))
            .join(', '),
      },
    },
    empty: 'A tenancy says who lives in a flat, and from when to when. Its people see that flat in that time.',
    onCreate: async (actor, input) => (await createTenancy(deps, actor, forUseCase(input))).id,
    onEdit: async (actor, id, input) => void (await changeTenancy(deps, actor, forUseCase({ ...input, id }))),
  };
}

/** Who sees a flat in the time of a tenancy. */
export function tenancyUsers(deps: Deps): ResourceSpec {
  const { prisma } = deps.database;

  async function usersOf(actor: Actor, tenancyId: number): Promise<number[]> {
    const tenancy = seen(await findTenancy(prisma, reach(actor, 'tenancy:read'), tenancyId), 'This tenancy');
    return tenancy.users.map((user) => user.userId);
  }

  return {
    id: 'tenancy-users',
    model: 'TenancyUser',
    label: 'Tenancy log-ins',
    one: 'Tenancy log-in',
    group: 'People',
    title: 'person',
    read: 'tenancy:read',
    change: 'tenancy:change',
    within: (given) => ({ tenancy: tenanciesWithin(given) }),
    list: ['tenancyId', 'flat', 'person'],
    show: ['tenancyId', 'flat', 'person'],
    filter: ['tenancyId'],
    create: ['tenancyId', 'email'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      tenancyId: { label: 'Tenancy' },
      email: { label: 'E-mail of the user', formOnly: true, required: true, help: 'The address under which the person logs in.' },
    },
    computed: {
      person: {
        label: 'Person',
        select: () => ({ user: { select: { name: true, email: true } } }),
        value: (row) => joined(at(row, 'user', 'name'), at(row, 'user', 'email')),
      },
      flat: {
        label: 'Flat',
        select: () => ({ tenancy: { select: { flat: { select: { name: true, building: { select: { name: true } } } } } } }),
        value: (row) => joined(at(row, 'tenancy', 'flat', 'building', 'name'), at(row, 'tenancy', 'flat', 'name')),
      },
    },
    empty: 'Give the people of a tenancy their own view: their flat, in their time.',
    async onCreate(actor, input) {
      const email = String(input['email']).trim().toLowerCase();
      const user = await prisma.user.findUnique({ where: { email }, select: { id: true, email: true } });
      if (user?.email !== email) throw new InvalidInput({ email: NOBODY_HERE });
      const id = Number(input['tenancyId']);
      try {
        await changeTenancy(deps, actor, { id, userIds: [...(await usersOf(actor, id)), user.id] });
      } catch (cause) {
        if (cause instanceof InvalidInput && 'userIds' in cause.fields) throw new InvalidInput({ email: NOBODY_HERE }, { cause });
        throw cause;
      }
      const row = await prisma.tenancyUser.findUniqueOrThrow({ where: { tenancyId_userId: { tenancyId: id, userId: user.id } } });
      return row.id;
    },
    async onRemove(actor, id) {
      const row = seen(await prisma.tenancyUser.findUnique({ where: { id: Number(id) } }), 'This tenancy log-in');
      const userIds = (await usersOf(actor, row.tenancyId)).filter((userId) => userId !== row.userId);
      await changeTenancy(deps, actor, { id: row.tenancyId, userIds });
    },
  };
}
