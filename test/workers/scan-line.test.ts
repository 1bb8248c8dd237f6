import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeScans } from '../../src/queue/scans.ts';
import { fleetVersion } from '../../src/store/fleet.ts';
import { household } from '../../src/simulator/household.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { cancelScan, findLastScan, findScan, startScan, type ScanDeps } from '../../src/use-cases/scan-line.ts';
import { tryModel } from '../../src/use-cases/try-model.ts';
import { loadModel } from '../support/meter-models.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const actor = consoleActor();
const ledger = new Ledger();
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let virtual: VirtualMeters;
let house: SmallBuilding;
let queues: Queues;
let adHoc: AdHoc;
let redis: ReturnType<typeof openRedis>;
let poller: ProcessContext;
let deps: ScanDeps & { adHoc: AdHoc };

beforeAll(async () => {
  database = await openTestDatabase();
  await importShippedModels({ database }, { folder: 'meters' });
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  const meter = (serial: string, unitId: number, key: string) => ({ serial, port: 0, unitId, model: loadModel(key), profile });
  virtual = await startVirtualMeters(
    [
      meter('Test house 1', 1, 'eastron-sdm120'),
      meter('new', 4, 'eastron-sdm630'),
      { ...meter('mute', 6, 'eastron-sdm120'), behaviour: { kind: 'silent' } },
      meter('sunspec', 7, 'sunspec-203'),
    ],
    { clock: Date.now, ledger },
  );
  house = await addSmallBuilding(database, { port: virtual.ports[0] ?? 0, meters: 1, timeoutMs: 2_000, retries: 3 });
  queues = openQueues(redisUrl(), () => {});
  redis = openRedis(redisUrl());
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  deps = { database, clock: Date.now, scans: makeScans(queues, redis, Date.now), adHoc };
  poller = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl() });
  await startPoller(poller);
});

afterAll(async () => {
  await poller.shutdown.run();
  await adHoc.close();
  await queues.close();
  redis.disconnect();
  await virtual.close();
  await database.drop();
});

const followed = (scanId: string) =>
  eventually(
    () => findScan(deps, actor, { lineId: house.lineId, scanId }),
    ({ state }) => state === 'ended',
  );

describe('a scan', () => {
  test('finds who answers, of what model it may be, and which of them is installed', async () => {
    const { id } = await startScan(deps, actor, { lineId: house.lineId, from: 1, to: 7 });
    const scan = await followed(id);
    expect(scan).toMatchObject({ ended: 'finished', done: 7, of: 7 });
    expect(scan.found.map(({ unitId, meter }) => [unitId, meter?.serial ?? null])).toEqual([
      [1, house.meters[0]?.serial],
      [4, null],
      [7, null],
    ]);
    const names = scan.found.map(({ guesses }) => guesses[0]?.models.map(({ key }) => key) ?? []);
    expect(names[0]).toContain('eastron-sdm120');
    expect(names[1]).toContain('eastron-sdm630');
    expect(scan.found[1]?.guesses[0]?.reasons).toContain('the voltage is one of a grid');
    expect(scan.found[1]?.guesses[0]?.evidence).toContainEqual({ kind: 'law', law: 'voltage', number: null });
    expect(scan.found[2]?.guesses[0]).toMatchObject({ models: [{ key: 'sunspec-203' }], certainty: 'sure' });
    // Who is silent is asked once, whatever the line does for its meters.
    expect(await findLastScan(deps, actor, { lineId: house.lineId })).toEqual(scan);
  });

  test('lets a reading that is due go first, and ends when somebody cancels it', async () => {
    virtual.setBehaviour('new', { kind: 'latency', ms: 60 });
    const { id } = await startScan(deps, actor, { lineId: house.lineId, from: 4, to: 247 });
    await expect(startScan(deps, actor, { lineId: house.lineId, from: 1, to: 2 })).rejects.toThrow(
      'is being scanned already, from 4 to 247',
    );
    await eventually(
      () => ledger.answersOf('new').length,
      (answers) => answers > 1,
    );
    const { meterId } = house.meters[0] ?? { meterId: 0 };
    const slotMs = Math.floor(Date.now() / 1_000) * 1_000;
    const fleet = await fleetVersion(database.pool);
    await queues.addReads('main', [{ meterId, slotMs, nextSlotMs: slotMs + 60_000, deadlineMs: Date.now() + 20_000, fleet }]);
    await eventually(
      () => database.prisma.reading.findUnique({ where: { meterId_at: { meterId, at: new Date(slotMs) } } }),
      (reading) => reading !== null,
    );
    expect((await findScan(deps, actor, { lineId: house.lineId, scanId: id })).state).toBe('running');
    await cancelScan(deps, actor, { lineId: house.lineId, scanId: id });
    const scan = await followed(id);
    expect(scan.ended).toBe('cancelled');
    expect(scan.done).toBeLessThan(scan.of);
    virtual.setBehaviour('new', { kind: 'normal' });
  });

  test('of a range that ends before it begins is refused', async () => {
    await expect(startScan(deps, actor, { lineId: house.lineId, from: 9, to: 3 })).rejects.toThrow('to: must be 9 or more');
  });
});

describe('a test read', () => {
  test('shows values with what physics says of them, and stores nothing', async () => {
    const before = await database.prisma.reading.count();
    const read = await tryModel(deps, actor, { lineId: house.lineId, unitId: 4, modelKey: 'eastron-sdm630' });
    if (!read.ok) throw new Error(read.detail);
    expect(read.values['frequency']).toBeCloseTo(50, 0);
    expect(read.checks.filter(({ law, holds }) => law === 'frequency' && holds)).toHaveLength(1);
    expect(read.checks.every(({ holds }) => holds)).toBe(true);
    expect(await database.prisma.reading.count()).toBe(before);
  });

  test('says who does not answer, and which model there is not', async () => {
    const read = await tryModel(deps, actor, { lineId: house.lineId, unitId: 5, modelKey: 'eastron-sdm630' });
    expect(read).toMatchObject({ ok: false, checks: [] });
    const none = tryModel(deps, actor, { lineId: house.lineId, unitId: 4, modelKey: 'no-such' });
    await expect(none).rejects.toThrow('modelKey: there is no meter model no-such');
  });
});
