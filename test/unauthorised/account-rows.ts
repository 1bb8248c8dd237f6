import { passwordOf } from './people-rows.ts';
import { EVERYBODY, row, SIGNED_IN, type CellContext, type Row } from './table.ts';

/** Nobody has codes on here: the log-in of the next cell takes a password alone. */
async function withoutCodes({ test }: CellContext): Promise<void> {
  await test.database.prisma.secondFactor.deleteMany({ where: { confirmedAt: null } });
}

const proven = async (context: CellContext) => {
  await withoutCodes(context);
  return { body: { password: passwordOf(context), code: '123456' } };
};
const aLink = { token: 'nobody was sent this' };

export const accountRows: readonly Row[] = [
  row('get /account', SIGNED_IN(200)),
  row('patch /account', SIGNED_IN(200), ({ n }) => ({ body: { name: `Person ${n}` } })),
  row('post /account/password', SIGNED_IN(200), (context) => ({
    body: { currentPassword: passwordOf(context), newPassword: passwordOf(context) },
  })),
  row('get /account/sessions', SIGNED_IN(200)),
  row('delete /account/sessions', SIGNED_IN(204)),
  row('delete /account/sessions/:sessionId', SIGNED_IN(404), () => ({ params: { sessionId: 'of-somebody-else' } })),
  row('post /account/second-factor', SIGNED_IN(200), (context) => ({ body: { password: passwordOf(context) } })),
  row('post /account/second-factor/confirm', SIGNED_IN(409), async (context) => {
    await withoutCodes(context);
    return { body: { code: '123456' } };
  }),
  row('post /account/second-factor/recovery-codes', SIGNED_IN(409), proven),
  row('post /account/second-factor/off', SIGNED_IN(409), proven),

  row('post /password-reset', EVERYBODY(202), ({ n }) => ({ body: { email: `person-${n}@example.org` } })),
  row('post /password-link/open', EVERYBODY(410), () => ({ body: aLink })),
  row('post /password-link/use', EVERYBODY(410), () => ({ body: { ...aLink, password: 'a long enough password' } })),

  row('get /contacts', SIGNED_IN(200)),
  // Nobody is entered to receive mails of this building: whoever sees it is told so.
  row('post /contacts/:buildingId/messages', [401, 409, 404, 409, 404, 409, 404, 409], ({ world }) => ({
    params: { buildingId: world.a.buildingId },
    body: { subject: 'Light', message: 'The light in the cellar is broken.' },
  })),
];
