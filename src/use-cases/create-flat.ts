import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { insertFlat, type FlatRow } from '../store/flats.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, nameField, parseInput, positiveField } from './input.ts';

export const flatKind = z.enum(
  ['consumer', 'producer', 'common', 'grid', 'storage', 'ev'],
  'must be consumer, producer, common, grid, storage or ev',
);

export const flatFields = {
  name: nameField(80),
  kind: flatKind.optional(),
  areaM2: positiveField(100_000).nullable().optional(),
};

export const createFlatInput = z.strictObject({ buildingId: idField, ...flatFields });

export async function createFlat(deps: Deps, actor: Actor, input: z.input<typeof createFlatInput>): Promise<FlatRow> {
  const data = parseInput(createFlatInput, input);
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), data.buildingId), 'This building');
    demand(actor, 'flat:change', { buildingId: data.buildingId });
    const flat = await insertFlat(tx, data);
    await recordActivity(tx, actor, { action: 'create-flat', subject: `flat-${flat.id}`, detail: flat.name });
    return flat;
  });
}
