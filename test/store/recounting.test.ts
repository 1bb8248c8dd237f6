import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegisterSpec } from '../../src/domain/meter-model.ts';
import { dirtyWindows } from '../../src/store/dirty-windows.ts';
import { findModel, toModel, writeModel } from '../../src/store/meter-models.ts';
import { transact } from '../../src/store/prisma-transaction.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const FROM = new Date('2026-03-01T10:00:00Z');

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let modelId: number;
let pointId: number;

beforeAll(async () => {
  database = await openTestDatabase();
  const { meters } = await addSmallBuilding(database, { port: 502, meters: 1, fromAt: FROM });
  const installation = await database.prisma.installation.findUniqueOrThrow({
    where: { id: meters[0]?.installationId ?? 0 },
    include: { meter: true },
  });
  ({ pointId } = installation);
  ({ modelId } = installation.meter);
});
afterAll(() => database.drop());

/** The quantities of the model with another look at each of its registers. */
async function rewrite(change: (register: RegisterSpec) => Partial<RegisterSpec>): Promise<void> {
  await transact(database.prisma, async (tx) => {
    const found = await findModel(tx, modelId);
    if (!found) throw new Error('the model is gone');
    const model = toModel(found);
    await writeModel(tx, { ...model, registers: model.registers.map((register) => ({ ...register, ...change(register) })) });
  });
}

test('a model written again as it was, or with other words, leaves the energy of its meters as it is', async () => {
  await rewrite(() => ({ description: 'as the second edition of the manual says' }));
  expect(await dirtyWindows(database.pool, [pointId])).toEqual([]);
});

test('a counter that counts in another way has the energy of its meters made anew, from their installation on', async () => {
  await rewrite(({ quantity }) => (quantity === 'import_active_energy_total' ? { counter: 'daily' } : {}));
  const [window, ...more] = await dirtyWindows(database.pool, [pointId]);
  expect(window).toMatchObject({ fromMs: FROM.getTime(), cause: 'installation' });
  expect(window?.toMs).toBeGreaterThan(FROM.getTime());
  expect(more).toEqual([]);
});
