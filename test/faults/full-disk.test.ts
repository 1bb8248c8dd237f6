import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_MS } from '../../src/domain/spread-gap.ts';
import { keepServer, type KeptServer } from '../../src/embedded/kept-server.ts';
import { startMariadb } from '../../src/embedded/mariadb.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { runBills } from '../../src/use-cases/run-bills.ts';
import { billsOf, FROM, makeCountedHouse, NOW, rolledUp, type CountedHouse } from '../support/counted-house.ts';
import { eventually } from '../support/running.ts';
import { newDatabaseUrl } from '../support/services.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

// More than are settled in one transaction.
const FLATS = 52;
const LITTLE_ROOM = 160 * 1_024;
let folder: string;
let disk: SmallDisk;
let server: KeptServer;
let house: CountedHouse;
let twin: CountedHouse;

beforeEach(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-full-'));
  disk = mountSmallDisk(join(folder, 'disk'), 400);
  const start = () => startMariadb(join(folder, 'disk'), { searchPath: process.env['PATH'] ?? '', bufferPoolMb: 64 });
  const first = await start();
  // It refuses a statement that needs room, but ends itself where undoing one needs some: 10.11 does both here.
  server = keepServer('MariaDB', first, start, () => {});
  [house, twin] = await Promise.all([
    makeCountedHouse(first.url('wattbook'), { flats: FLATS, days: 2 }),
    makeCountedHouse(newDatabaseUrl(), { flats: FLATS, days: 2 }),
  ]);
});
afterEach(async () => {
  await house.database.close();
  await twin.drop();
  await server.stop();
  disk.unmount();
  rmSync(folder, { recursive: true });
});

const answers = () => house.database.pool.query('SELECT 1').then(Boolean, () => false);

/** The work again and again, as jobs are repeated, each time with more room; says how often there was too little. */
async function untilThereIsRoom(work: () => Promise<unknown>, afterFailure: () => Promise<void>): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    disk.fillUpTo(failures === 0 ? 0 : LITTLE_ROOM * 4 ** (failures - 1));
    const isDone = await work().then(
      () => true,
      () => false,
    );
    disk.free();
    if (isDone) return failures;
    await eventually(answers, (isThere) => isThere);
    await afterFailure();
  }
}

test('a full disk under the database: energy and bills are those of before or whole, and are made once there is room', async () => {
  await twin.settle();
  const whole = new Map<number, Awaited<ReturnType<typeof twin.intervalsOf>>>();
  for (const pointId of twin.pointIds) whole.set(pointId, await twin.intervalsOf(pointId));
  // A new point begins with its last day; what was before follows in one piece.
  const begins = [FROM, twin.settledToMs - DAY_MS];
  const unsettled = await untilThereIsRoom(house.settle, async () => {
    for (const pointId of house.pointIds) {
      const rows = await house.intervalsOf(pointId);
      const fromMs = rows[0]?.slotMs ?? NOW;
      expect(rows).toEqual(whole.get(pointId)?.filter(({ slotMs }) => slotMs >= fromMs));
      if (rows.length > 0) expect(begins).toContain(fromMs);
    }
  });
  expect(unsettled).toBeGreaterThan(1);
  for (const pointId of house.pointIds) expect(await house.intervalsOf(pointId)).toEqual(whole.get(pointId));
  expect(await rolledUp(house.database)).toEqual(await rolledUp(twin.database));

  const twinRunId = await twin.askForRun();
  await runBills(twin, twinRunId);
  const runId = await house.askForRun();
  const run = () => house.database.prisma.billRun.findUniqueOrThrow({ where: { id: runId } });
  const unmade = await untilThereIsRoom(
    () => runBills(house, runId),
    async () => {
      // Where the server ended not even that could be written.
      const { state, problem } = await run();
      expect([
        [
          'waiting',
          'It is tried again by itself. The last time: There is no room left on the disk of the database: make some, and try again.',
        ],
        ['running', ''],
      ]).toContainEqual([state, problem]);
    },
  );
  expect(unmade).toBeGreaterThan(0);
  expect(await run()).toMatchObject({ state: 'done', problem: '' });
  expect(await billsOf(house.database, runId)).toEqual(await billsOf(twin.database, twinRunId));

  const numbers = async () => (await billsOf(house.database, runId)).flatMap(({ number }) => number ?? []);
  const unissued = await untilThereIsRoom(
    () => issueBills(house, house.actor, { id: runId }),
    async () => expect(await numbers()).toEqual([]),
  );
  expect(unissued).toBeGreaterThan(0);
  expect(await numbers()).toEqual(Array.from({ length: FLATS }, (_, i) => i + 1));
  await issueBills(twin, twin.actor, { id: twinRunId });
  expect(await billsOf(house.database, runId)).toEqual(await billsOf(twin.database, twinRunId));
});
