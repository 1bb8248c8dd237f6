import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { PERMISSIONS, type Actor } from '../../src/domain/permission.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { fleetVersion } from '../../src/store/fleet.ts';
import { changeMeter } from '../../src/use-cases/change-meter.ts';
import { forgetHoles } from '../../src/use-cases/forget-holes.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { startModbusPeer, type ModbusPeer } from '../support/modbus-peer.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

// The frequency of an SDM120 lies at 70 and 71.
const HOLE = { function: 4, address: 70, count: 2 };
const actor: Actor = {
  userId: 1,
  email: 'administrator@example.org',
  name: 'Administrator',
  language: 'en',
  roles: ['administrator'],
  grants: PERMISSIONS.map((permission) => ({ permission, buildingId: null })),
  ownFlats: [],
  ownMeters: [],
};

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let peer: ModbusPeer;
let queues: Queues;
let poller: ProcessContext;
let meterId: number;
let slotMs = Date.parse('2026-03-01T12:00:00Z');

beforeAll(async () => {
  database = await openTestDatabase();
  peer = await startModbusPeer(({ address, count }) =>
    Promise.resolve(address < HOLE.address + HOLE.count && HOLE.address < address + count ? 2 : 'answer'),
  );
  const house = await addSmallBuilding(database, { port: peer.port, meters: 1, fromAt: new Date(0) });
  meterId = house.meters[0]?.meterId ?? 0;
  queues = openQueues(redisUrl(), () => {});
  poller = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl() });
  await startPoller(poller);
});

afterAll(async () => {
  await poller.shutdown.run();
  await queues.close();
  await peer.close();
  await database.drop();
});

/** The next slot, by the fleet as it is now: what was asked, and what came of it. */
async function readNextSlot(): Promise<{ asked: string[]; refused: unknown }> {
  slotMs += 60_000;
  const before = peer.asked.length;
  const fleet = await fleetVersion(database.pool);
  await queues.addReads('main', [{ meterId, slotMs, nextSlotMs: slotMs + 60_000, deadlineMs: Date.now() + 60_000, fleet }]);
  const reading = await eventually(
    () => database.prisma.reading.findUnique({ where: { meterId_at: { meterId, at: new Date(slotMs) } } }),
    (row) => row !== null,
  );
  return { asked: peer.asked.slice(before).map(({ address, count }) => `${address}+${count}`), refused: reading?.refused };
}

const holes = () => database.prisma.registerHole.findMany({ where: { meterId }, select: { function: true, address: true, count: true } });
const without = { frequency: { reason: 'not-there', words: [] } };

test('what a meter refuses is learned once, planned around, and named in each reading', async () => {
  const first = await readNextSlot();
  expect(first.asked.length).toBeGreaterThan(1);
  expect(first.refused).toMatchObject(without);
  expect(await holes()).toEqual([HOLE]);

  const second = await readNextSlot();
  expect(second).toEqual({ asked: ['0+32', '72+4'], refused: without });
});

test('a person forgets the holes: everything is asked again, and it stands in the activities', async () => {
  expect(await forgetHoles({ database, clock: Date.now }, actor, { meterId })).toEqual({ forgotten: 1 });
  expect(await holes()).toEqual([]);
  expect(await database.prisma.activity.findFirst({ where: { action: 'forget-holes' } })).toMatchObject({
    subject: `meter-${meterId}`,
    detail: 'input registers 70 to 71',
  });
  expect((await readNextSlot()).asked[0]).toBe('0+76');
  expect(await holes()).toEqual([HOLE]);
  expect(
    await forgetHoles(
      { database, clock: Date.now },
      { ...actor, grants: [{ permission: 'meter:read', buildingId: null }] },
      { meterId },
    ).catch((err: Error) => err.name),
  ).toBe('Forbidden');
});

test('a meter that gets another model is asked for all of that', async () => {
  await importShippedModels({ database }, { folder: 'meters' });
  const changed = await changeMeter({ database, clock: Date.now }, actor, { id: meterId, modelKey: 'eastron-sdm630' });
  expect(changed.model.key).toBe('eastron-sdm630');
  expect(await holes()).toEqual([]);
  await expect(changeMeter({ database, clock: Date.now }, actor, { id: meterId, modelKey: 'nothing' })).rejects.toThrow(
    'modelKey: there is no meter model nothing',
  );
  expect((await readNextSlot()).asked[0]).toBe('0+80');
});
