import { afterAll, beforeAll, expect, test } from 'vitest';
import { PERMISSIONS, type Actor } from '../../src/domain/permission.ts';
import { changeLine } from '../../src/use-cases/change-line.ts';
import { changeMeter } from '../../src/use-cases/change-meter.ts';
import { createBuilding } from '../../src/use-cases/create-building.ts';
import { createFlat } from '../../src/use-cases/create-flat.ts';
import { createLine } from '../../src/use-cases/create-line.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { installMeter } from '../../src/use-cases/install-meter.ts';
import { openTestDatabase } from '../support/services.ts';

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
let deps: { database: typeof database; clock: () => number; readCron: string };
let lineId: number;
let flatId: number;
const meterIds: number[] = [];

const install = (unitId: number) =>
  installMeter(deps, actor, { flatId, lineId, serial: `SN-${unitId}`, modelKey: 'eastron-sdm630', unitId, pointName: `Point ${unitId}` });

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: Date.now, readCron: '10s' };
  await importShippedModels({ database }, { folder: 'meters' });
  const { id: buildingId } = await createBuilding(deps, actor, { name: 'House' });
  ({ id: flatId } = await createFlat(deps, actor, { buildingId, name: '1 left' }));
  ({ id: lineId } = await createLine(deps, actor, {
    buildingId,
    name: 'cellar',
    transport: 'rtu',
    serialPath: '/dev/ttyUSB0',
    baudRate: 9_600,
  }));
});
afterAll(() => database.drop());

test('the meter that is too much for its line is refused with the arithmetic, and nothing of it is stored', async () => {
  let refusal = '';
  for (let unitId = 1; unitId < 60 && refusal === ''; unitId += 1) {
    await install(unitId).then(
      (meter) => meterIds.push(meter.id),
      (err: Error) => (refusal = err.message),
    );
  }
  expect(refusal).toMatch(
    /^lineId: \d+ meters x 3 requests x \d+ ms = \d+\.\d s, but the cadence of 10 s leaves 5\.0 s for a round: read less often/,
  );
  expect(meterIds.length).toBeGreaterThan(5);
  expect(await database.prisma.meter.count()).toBe(meterIds.length);
  expect(await database.prisma.installation.count()).toBe(meterIds.length);
});

test('so is a cadence that is too short, a pause that is too long and a bus that is too slow', async () => {
  const id = meterIds[0] ?? 0;
  await expect(changeMeter(deps, actor, { id, cadence: '1s' })).rejects.toMatchObject({
    fields: {
      cadence: expect.stringMatching(
        /^1 meter x 3 requests x \d+ ms = \d\.\d s, but the cadence of 1\.0 s leaves 0\.5 s for a round: read less often/,
      ),
    },
  });
  await expect(changeLine(deps, actor, { id: lineId, pauseMs: 100 })).rejects.toMatchObject({
    fields: { pauseMs: expect.stringContaining(' x ') },
  });
  await expect(changeLine(deps, actor, { id: lineId, baudRate: 4_800 })).rejects.toMatchObject({
    fields: { baudRate: expect.stringContaining(' x ') },
  });
  expect(await database.prisma.line.findUniqueOrThrow({ where: { id: lineId } })).toMatchObject({ pauseMs: 0, baudRate: 9_600 });
});

test('what was too much before may be made less, step by step', async () => {
  // As if the usual cadence had become shorter.
  const shorter = { ...deps, readCron: '5s' };
  await expect(changeLine(shorter, actor, { id: lineId, pauseMs: 20 })).rejects.toThrow('but the cadence of 5.0 s leaves 2.5 s');
  expect(await changeLine(shorter, actor, { id: lineId, baudRate: 19_200 })).toMatchObject({ baudRate: 19_200 });
  expect(await changeMeter(shorter, actor, { id: meterIds[0] ?? 0, cadence: '15m' })).toMatchObject({ cadence: '15m' });
});
