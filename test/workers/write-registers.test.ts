import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { findUnderNewAddress, setAddress } from '../../src/use-cases/set-address.ts';
import { writeRegister, type WriteDeps } from '../../src/use-cases/write-register.ts';
import { loadModel } from '../support/meter-models.ts';
import { processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const actor = consoleActor();
const sdm630 = loadModel('eastron-sdm630');
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let virtual: VirtualMeters;
let house: SmallBuilding;
let queues: Queues;
let adHoc: AdHoc;
let poller: ProcessContext;
let deps: WriteDeps;

beforeAll(async () => {
  database = await openTestDatabase();
  await importShippedModels({ database }, { folder: 'meters' });
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  const meter = (serial: string, unitId: number) => ({ serial, port: 0, unitId, model: sdm630, profile });
  virtual = await startVirtualMeters([meter('Test house 1', 1), meter('Test house 2', 2), meter('new', 9)], { clock: Date.now });
  house = await addSmallBuilding(database, { port: virtual.ports[0] ?? 0, meters: 2, model: sdm630, retries: 0 });
  queues = openQueues(redisUrl(), () => {});
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  deps = { database, clock: Date.now, adHoc };
  poller = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl() });
  await startPoller(poller);
});

afterAll(async () => {
  await poller.shutdown.run();
  await adHoc.close();
  await queues.close();
  await virtual.close();
  await database.drop();
});

const lastActivity = async () => (await database.prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } })).detail;
const meterId = () => house.meters[0]?.meterId ?? 0;

describe('a register', () => {
  test('is written, read back, and told with its old value', async () => {
    const reply = await writeRegister(deps, actor, { meterId: meterId(), quantity: 'demand_period', value: 15 });
    expect(reply).toMatchObject({ ok: true, written: [{ quantity: 'demand_period', before: 60, after: 15 }] });
    expect(await lastActivity()).toBe('Test house 1: demand_period: 60 -> 15');
  });

  test('that wants a password is written with it, and refused without it or with a wrong one', async () => {
    const write = (password: number | null) =>
      writeRegister(deps, actor, { meterId: meterId(), quantity: 'system_type', value: 2, password });
    const without = await write(null);
    expect(without).toMatchObject({ ok: false, reason: 'refused', written: [] });
    expect(without.ok ? '' : without.detail).toContain('it may want a password');
    expect(await lastActivity()).toContain('system_type to 2, in vain: refused');
    expect(await write(1234)).toMatchObject({ ok: false, reason: 'refused' });
    expect(await write(0)).toMatchObject({ ok: true, written: [{ quantity: 'system_type', before: 3, after: 2 }] });
  });

  test('is not touched where the map does not allow the value, or the register', async () => {
    const write = (quantity: string, value: number) => writeRegister(deps, actor, { meterId: meterId(), quantity, value });
    await expect(write('demand_period', 7)).rejects.toThrow('value: must be 0, 5, 8, 10, 15, 20, 30, 60, not 7');
    await expect(write('voltage_l1', 230)).rejects.toThrow('voltage_l1 is read-only');
    await expect(write('no_such', 1)).rejects.toThrow('has no register no_such');
  });

  test('is for those who may write registers, and that is not a service provider', async () => {
    const { grants } = actor;
    const provider = { ...actor, grants: grants.filter(({ permission }) => permission !== 'register:write') };
    await expect(writeRegister(deps, provider, { meterId: meterId(), quantity: 'demand_period', value: 30 })).rejects.toThrow(
      'You may not do this',
    );
  });
});

describe('the unit id of a new meter', () => {
  const to = (unitId: number, newUnitId: number) => ({ lineId: house.lineId, unitId, newUnitId });

  test('is not given when it belongs to another one, or when something answers there', async () => {
    const set = (newUnitId: number) => setAddress(deps, actor, { ...to(2, newUnitId), modelKey: 'eastron-sdm630' });
    await expect(set(1)).rejects.toThrow('Unit id 1 belongs to Test house 1 on this line.');
    await expect(set(9)).rejects.toThrow('Something answers under unit id 9 already');
    await expect(set(2)).rejects.toThrow('is the one it has already');
    await expect(setAddress(deps, actor, { ...to(2, 3), modelKey: 'abb-b23' })).rejects.toThrow('has no register for the unit id');
  });

  test('is taken with a restart, and only then the house follows', async () => {
    const reply = await setAddress(deps, actor, { ...to(2, 7), modelKey: 'eastron-sdm630', speed: 3 });
    expect(reply).toMatchObject({
      ok: true,
      needsRestart: true,
      written: [{ quantity: 'network_baud', before: 2, after: 3 }, { after: 7 }],
    });
    expect(await lastActivity()).toBe('unit 2: network_baud: 2 -> 3, network_node: 2 -> 7');
    const installation = () => database.prisma.installation.findUniqueOrThrow({ where: { id: house.meters[1]?.installationId ?? 0 } });
    expect(await findUnderNewAddress(deps, actor, to(2, 7))).toMatchObject({ ok: false });
    expect((await installation()).unitId).toBe(2);
    virtual.restart('Test house 2');
    expect(await findUnderNewAddress(deps, actor, to(2, 7))).toMatchObject({ ok: true, meter: 'Test house 2' });
    expect((await installation()).unitId).toBe(7);
  });

  test('a meter that does not answer is not written to', async () => {
    expect(await setAddress(deps, actor, { ...to(50, 51), modelKey: 'eastron-sdm630' })).toMatchObject({ ok: false, written: [] });
  });
});
