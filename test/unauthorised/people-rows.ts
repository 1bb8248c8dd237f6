import { hashToken } from '../../src/http/actor.ts';
import { EVERYBODY, ONLY_ADMINISTRATOR, row, SEEN_BY_ADMINISTRATOR, SIGNED_IN, type CellContext, type Row } from './table.ts';

export function passwordOf({ world, role }: CellContext): string {
  return role === 'stranger' ? 'the password of nobody' : world.people[role].password;
}

async function newUser({ test, n }: CellContext): Promise<number> {
  const user = await test.database.prisma.user.create({ data: { email: `person-${n}@example.org`, name: 'Person', passwordHash: '' } });
  return user.id;
}

async function newRole({ test, n }: CellContext): Promise<number> {
  return (await test.database.prisma.role.create({ data: { name: `role ${n}` } })).id;
}

async function newToken({ test, world, n }: CellContext): Promise<number> {
  const data = { userId: world.people.administrator.id, name: `token ${n}`, tokenHash: hashToken(`${n}`), scope: 'user:read' };
  return (await test.database.prisma.apiToken.create({ data })).id;
}

const aUser = (context: CellContext) => ({ params: { userId: context.world.people.viewerA.id } });
const aRole = async (context: CellContext) => ({ params: { roleId: await newRole(context) } });

export const peopleRows: readonly Row[] = [
  row('post /session', [401, 200, 200, 200, 200, 200, 200, 200], (context) => ({
    body: {
      email: context.role === 'stranger' ? 'nobody@example.org' : context.world.people[context.role].email,
      password: passwordOf(context),
    },
  })),
  row('get /session', SIGNED_IN(200)),
  row('delete /session', SIGNED_IN(204)),
  row('get /first-administrator', EVERYBODY(200)),
  row('post /first-administrator', EVERYBODY(409), () => ({
    body: { email: 'first@example.org', name: 'First', password: 'a long enough password', code: 'abcdefghij' },
  })),
  row('get /users', ONLY_ADMINISTRATOR(200)),
  row('post /users', ONLY_ADMINISTRATOR(201), ({ n }) => ({ body: { email: `new-${n}@example.org`, name: 'New' } })),
  row('get /users/:userId', SEEN_BY_ADMINISTRATOR, aUser),
  row('patch /users/:userId', ONLY_ADMINISTRATOR(200), (context) => ({ ...aUser(context), body: { name: `Viewer ${context.n}` } })),
  row('delete /users/:userId', ONLY_ADMINISTRATOR(204), async (context) => ({ params: { userId: await newUser(context) } })),
  row('post /users/:userId/invitation', ONLY_ADMINISTRATOR(202), async (context) => {
    const userId = await newUser(context);
    await context.test.database.prisma.user.update({ where: { id: userId }, data: { invitedAt: new Date() } });
    return { params: { userId } };
  }),
  row('delete /users/:userId/second-factor', ONLY_ADMINISTRATOR(204), async (context) => {
    const userId = await newUser(context);
    await context.test.database.prisma.secondFactor.create({ data: { userId, secret: 'sealed', confirmedAt: new Date() } });
    return { params: { userId } };
  }),
  row('get /permissions', ONLY_ADMINISTRATOR(200)),
  row('get /roles', ONLY_ADMINISTRATOR(200)),
  row('post /roles', ONLY_ADMINISTRATOR(201), ({ n }) => ({ body: { name: `new role ${n}`, permissions: ['live:read'] } })),
  row('get /roles/:roleId', SEEN_BY_ADMINISTRATOR, aRole),
  row('patch /roles/:roleId', ONLY_ADMINISTRATOR(200), async (context) => ({
    ...(await aRole(context)),
    body: { permissions: ['live:read'] },
  })),
  row('delete /roles/:roleId', ONLY_ADMINISTRATOR(204), aRole),
  row('get /tokens', ONLY_ADMINISTRATOR(200)),
  row('post /tokens', ONLY_ADMINISTRATOR(201), ({ n }) => ({ body: { name: `token ${n}`, permissions: ['user:read'] } })),
  row('delete /tokens/:tokenId', ONLY_ADMINISTRATOR(204), async (context) => ({ params: { tokenId: await newToken(context) } })),
];
