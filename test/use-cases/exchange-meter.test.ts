import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { dirtyPoints } from '../../src/store/dirty-windows.ts';
import { listIntervals } from '../../src/store/intervals.ts';
import { exchangeMeter } from '../../src/use-cases/exchange-meter.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const START_MS = Date.UTC(2026, 4, 4, 6);
const at = (quarters: number) => START_MS + quarters * QUARTER_MS;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const deps = (quarters: number) => ({ database, pool: database.pool, clock: () => at(quarters) + 20_000 });

/** A meter that counted 100 Wh in each of four quarter hours. */
async function oldMeter(): Promise<{ meterId: number; pointId: number; serial: string }> {
  number += 1;
  const house = await addSmallBuilding(database, { name: `House ${number}`, port: 502 + number, meters: 1, fromAt: new Date(START_MS) });
  const { meterId, installationId, serial } = house.meters[0]!;
  const data = { firstImportWh: 50_000n, firstExportWh: 0n };
  const { pointId } = await database.prisma.installation.update({ where: { id: installationId }, data });
  await addCounters(database, meterId, START_MS, [50_000, 50_100, 50_200, 50_300, 50_400]);
  return { meterId, pointId, serial };
}

async function importsOf(pointId: number, quarters: number): Promise<(number | null)[]> {
  await settleRecent(deps(quarters), [pointId]);
  for (const dirty of await dirtyPoints(database.pool)) while (await settleDirtyPiece(deps(quarters), dirty));
  const rows = await listIntervals(database.pool, { pointIds: [pointId], flows: ['import'], fromMs: START_MS, toMs: at(quarters) });
  return rows.map(({ wh }) => wh);
}

test('the total of the flat stays exact over an exchange in the middle of a quarter hour, entered afterwards', async () => {
  const { meterId, pointId, serial } = await oldMeter();
  // What is read after the exchange under the old name is of the new meter.
  await addCounters(database, meterId, at(5), [60, 160]);
  await importsOf(pointId, 6);
  const moment = new Date(at(4) + 300_000);
  const fresh = await exchangeMeter(deps(6), consoleActor(), {
    id: meterId,
    at: moment,
    serial: `${serial} new`,
    finalImportWh: 50_430,
    firstImportWh: 10,
  });
  await addCounters(database, fresh.id, at(5), [60, 160, 260, 360]);
  expect(await importsOf(pointId, 8)).toEqual([100, 100, 100, 100, 30 + 50, 100, 100, 100]);
  const places = await database.prisma.installation.findMany({ where: { pointId }, orderBy: { id: 'asc' }, include: { meter: true } });
  expect(places).toMatchObject([
    { meterId, toAt: moment, running: false, lastImportWh: 50_430n, meter: { state: 'closed', stateReason: 'exchanged' } },
    { meterId: fresh.id, fromAt: moment, running: true, firstImportWh: 10n, firstExportWh: 0n, unitId: 1, meter: { state: 'new' } },
  ]);
  expect(places[1]?.meter.modelId).toBe(places[0]?.meter.modelId);
  const activity = await database.prisma.activity.findFirst({ orderBy: { id: 'desc' } });
  expect(activity).toMatchObject({ action: 'exchange-meter', subject: `meter-${meterId}` });
});

test('without a final counter the last reading is it', async () => {
  const { meterId, serial } = await oldMeter();
  await exchangeMeter(deps(5), consoleActor(), { id: meterId, serial: `${serial} new` });
  expect(await database.prisma.installation.findFirst({ where: { meterId } })).toMatchObject({ lastImportWh: 50_400n, lastExportWh: 0n });
});

test.each([
  ['a final counter below what was read', { finalImportWh: 50_399 }, 'finalImportWh'],
  ['a moment that lies ahead', { at: new Date(at(9)) }, 'at'],
  ['a moment before the old meter came', { at: new Date(START_MS) }, 'at'],
  ['a model that is not there', { modelKey: 'none' }, 'modelKey'],
  ['a line of nowhere', { lineId: 4_000 }, 'lineId'],
  ['no serial', { serial: '' }, 'serial'],
])('%s is named, and nothing is changed', async (_, wrong, field) => {
  const { meterId, pointId, serial } = await oldMeter();
  const refused = exchangeMeter(deps(5), consoleActor(), { id: meterId, serial: `${serial} new`, ...wrong });
  await expect(refused).rejects.toMatchObject({ status: 400, fields: { [field]: expect.any(String) } });
  const places = await database.prisma.installation.findMany({ where: { pointId } });
  expect(places).toMatchObject([{ meterId, running: true, toAt: null, lastImportWh: null }]);
  expect(await database.prisma.meter.count({ where: { serial: `${serial} new` } })).toBe(0);
});

test('the serial of the old meter, or of one in use, is refused; a closed meter has nothing to exchange', async () => {
  const first = await oldMeter();
  const second = await oldMeter();
  const exchange = (id: number, serial: string) => exchangeMeter(deps(5), consoleActor(), { id, serial });
  await expect(exchange(first.meterId, first.serial)).rejects.toMatchObject({ fields: { serial: expect.any(String) } });
  await expect(exchange(first.meterId, second.serial)).rejects.toMatchObject({ status: 409 });
  await exchange(first.meterId, 'third');
  await expect(exchange(first.meterId, 'fourth')).rejects.toMatchObject({ status: 409 });
});
