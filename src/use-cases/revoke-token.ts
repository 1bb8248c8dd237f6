import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findToken, revokeToken as revokeRow } from '../store/api-tokens.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';

export async function revokeToken(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  demand(actor, 'token:change');
  await transact(deps.database.prisma, async (tx) => {
    const token = seen(await findToken(tx, id), 'This token');
    if (token.revokedAt !== null) return;
    await revokeRow(tx, id, new Date(deps.clock()));
    await recordActivity(tx, actor, { action: 'revoke-token', subject: `token-${id}`, detail: token.name });
  });
}
