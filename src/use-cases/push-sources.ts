import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { can, reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { hashToken, PUSH_TOKEN_PREFIX } from '../http/actor.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { deleteSource, findSource, findSourceLike, insertSource, updateSource, type ShownSource } from '../store/push-source-list.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput, textField } from './input.ts';

const wordField = (most: number) =>
  z
    .string('must be a text')
    .regex(new RegExp(`^[A-Za-z0-9._:-]{1,${most}}$`), `takes 1 to ${most} letters, digits, dots, colons, hyphens and underscores`);

export const createPushSourceInput = z.strictObject({
  buildingId: idField,
  kind: z.enum(['gateway', 'device'], 'must be gateway or device'),
  /** The user name at the broker. */
  name: wordField(80),
  /** The zone of a gateway, which its topics begin with; the name of a device. */
  reach: wordField(80).refine((reach) => reach !== 'wattbook', 'is what the topics of devices begin with: choose another one'),
  /** The part of the grid that its meters belong to; empty for that of the building. */
  gridZone: textField(80).optional(),
});

export const changePushSourceInput = z.strictObject({ active: z.boolean('must be true or false'), gridZone: textField(80) }).partial();
const wholeChange = changePushSourceInput.extend({ id: idField });

export interface CreatedSource {
  row: ShownSource;
  /** In this answer and nowhere else. */
  token: string;
}

function newToken(): { token: string; tokenHash: string } {
  const token = `${PUSH_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, tokenHash: hashToken(token) };
}

function describe({ kind, name, reach: topics }: Pick<ShownSource, 'kind' | 'name' | 'reach'>): string {
  return `${name}: ${kind} ${topics}`;
}

export async function createPushSource(deps: Deps, actor: Actor, input: z.input<typeof createPushSourceInput>): Promise<CreatedSource> {
  const data = parseInput(createPushSourceInput, input);
  const { token, tokenHash } = newToken();
  return transact(deps.database.prisma, async (tx) => {
    const { buildingId } = data;
    seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    demand(actor, 'message:change', { buildingId });
    const other = await findSourceLike(tx, data);
    if (other !== null) {
      // The database takes capitals for small letters; what another building has is nobody's business.
      const isNamed = other.name.toLowerCase() === data.name.toLowerCase();
      const isSeen = can(actor, 'message:read', other);
      const fields: Record<string, string> = isNamed ? { name: 'is taken' } : { reach: isSeen ? `is that of ${other.name}` : 'is taken' };
      throw new Conflict('There is one already.', { fields });
    }
    const row = await insertSource(tx, { ...data, tokenHash });
    await recordActivity(tx, actor, { action: 'create-push-source', subject: `push-source-${row.id}`, detail: describe(row) });
    return { row, token };
  });
}

async function changed<T>(
  deps: Deps,
  actor: Actor,
  id: number,
  action: string,
  change: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>,
): Promise<T> {
  return transact(deps.database.prisma, async (tx) => {
    const source = seen(await findSource(tx, reach(actor, 'message:read'), id), 'This source');
    demand(actor, 'message:change', { buildingId: source.buildingId });
    const result = await change(tx);
    await recordActivity(tx, actor, { action, subject: `push-source-${id}`, detail: describe(source), buildingId: source.buildingId });
    return result;
  });
}

/** The old token is worth nothing from now on. */
export async function renewPushToken(deps: Deps, actor: Actor, { id }: { id: number }): Promise<CreatedSource> {
  const { token, tokenHash } = newToken();
  const row = await changed(deps, actor, id, 'renew-push-token', (tx) => updateSource(tx, id, { tokenHash }));
  return { row, token };
}

export function changePushSource(deps: Deps, actor: Actor, input: z.input<typeof wholeChange>): Promise<ShownSource> {
  const { id, active, ...rest } = parseInput(wholeChange, input);
  const action = active === undefined ? 'change-push-source' : active ? 'switch-on-push-source' : 'switch-off-push-source';
  return changed(deps, actor, id, action, (tx) => updateSource(tx, id, { active, ...rest }));
}

/** Its messages stay. */
export function deletePushSource(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  return changed(deps, actor, id, 'delete-push-source', (tx) => deleteSource(tx, id));
}
