import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PERMISSIONS, type Actor } from '../../src/domain/permission.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { changeInstallation } from '../../src/use-cases/change-installation.ts';
import { closeMeter } from '../../src/use-cases/close-meter.ts';
import { createBuilding } from '../../src/use-cases/create-building.ts';
import { createFlat } from '../../src/use-cases/create-flat.ts';
import { createLine } from '../../src/use-cases/create-line.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { installMeter } from '../../src/use-cases/install-meter.ts';
import { placeMeter } from '../../src/use-cases/place-meter.ts';
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
const provider = (buildingId: number): Actor => ({
  ...actor,
  grants: PERMISSIONS.map((permission) => ({ permission, buildingId })),
});

const HOUR_MS = 3_600_000;
let nowMs = Date.parse('2026-03-01T12:00:00Z');
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let deps: { database: typeof database; clock: () => number };
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: () => nowMs };
  await importShippedModels(deps, { folder: 'meters' });
});
afterAll(() => database.drop());

let house: { buildingId: number; flatId: number; otherFlatId: number; lineId: number };
beforeEach(async () => {
  number += 1;
  const { id: buildingId } = await createBuilding(deps, actor, { name: `House ${number}` });
  const { id: flatId } = await createFlat(deps, actor, { buildingId, name: '1 left' });
  const { id: otherFlatId } = await createFlat(deps, actor, { buildingId, name: '1 right' });
  const { id: lineId } = await createLine(deps, actor, { buildingId, name: 'cellar', host: `gateway-${buildingId}`, port: 502 });
  house = { buildingId, flatId, otherFlatId, lineId };
});

const wanted = (given: { unitId?: number; serial?: string; flatId?: number } = {}) => ({
  flatId: house.flatId,
  lineId: house.lineId,
  serial: `SN-${number}`,
  modelKey: 'eastron-sdm630',
  unitId: 1,
  ...given,
});

async function rowsNow() {
  const { prisma } = database;
  return [await prisma.point.count(), await prisma.meter.count(), await prisma.installation.count(), await prisma.activity.count()];
}

describe('putting a meter into a flat', () => {
  test('makes point, meter and installation by itself, and says so in the activity log', async () => {
    const meter = await installMeter(deps, actor, { ...wanted(), ctRatio: 40, description: 'main meter' });
    expect(meter).toMatchObject({ serial: `SN-${number}`, state: 'new', description: 'main meter' });
    expect(meter.installations).toMatchObject([
      { lineId: house.lineId, unitId: 1, running: true, fromAt: null, ctRatio: 40, point: { name: 'Point 1', flat: { id: house.flatId } } },
    ]);
    const activity = await database.prisma.activity.findFirst({ where: { subject: `meter-${meter.id}` } });
    expect(activity).toMatchObject({ action: 'install-meter', userId: 1, actor: 'administrator@example.org' });
  });

  test('a day is a day in the zone of the building', async () => {
    const meter = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-07-01' });
    expect(meter.installations[0]?.fromAt?.toISOString()).toBe('2026-06-30T22:00:00.000Z');
  });

  test.each([
    ['unitId', () => wanted({ serial: 'another', flatId: house.otherFlatId }), 'taken'],
    ['serial', () => wanted({ unitId: 2, flatId: house.otherFlatId }), 'in use'],
    ['pointId', () => ({ ...wanted({ serial: 'another', unitId: 2 }), pointName: 'Point 1' }), 'another meter hangs'],
  ])('what is taken already is refused and names %s', async (field, second, words) => {
    await installMeter(deps, actor, wanted());
    const before = await rowsNow();
    const refused = installMeter(deps, actor, second());
    await expect(refused).rejects.toMatchObject({ status: 409, fields: { [field]: expect.stringContaining(words) } });
    expect(await rowsNow()).toEqual(before);
  });

  test.each([
    [{ unitId: 0 }, 'unitId', '1 to 247'],
    [{ modelKey: 'unheard-of' }, 'modelKey', 'no meter model'],
    [{ lineId: 999_999 }, 'lineId', 'no such line'],
    [{ serial: ' ' }, 'serial', 'empty'],
    [{ fromAt: 'tomorrow' }, 'fromAt', '2026-01-31'],
    [{ fromAt: '2026-02-02', toAt: '2026-02-01' }, 'toAt', 'after the start'],
    [{ cadence: 'sometimes' }, 'cadence', 'cron'],
    [{ ctRatio: 0 }, 'ctRatio', 'from 0.000001 to 1000000'],
    [{ ctRatio: 1e-300 }, 'ctRatio', 'from 0.000001 to 1000000'],
    [{ ptRatio: 1e300 }, 'ptRatio', 'from 0.000001 to 1000000'],
    [{ passwordHash: 'x' }, 'passwordHash', 'not known'],
  ])('bad input %j names the field and stores nothing', async (given, field, words) => {
    const before = await rowsNow();
    const refused = installMeter(deps, actor, { ...wanted(), ...given });
    await expect(refused).rejects.toMatchObject({ status: 400, fields: { [field]: expect.stringContaining(words) } });
    expect(await rowsNow()).toEqual(before);
  });

  test('a line of another building is none', async () => {
    const { id } = await createBuilding(deps, actor, { name: `Other house ${number}` });
    const line = await createLine(deps, actor, { buildingId: id, name: 'cellar', host: `gateway-${id}`, port: 502 });
    const refused = installMeter(deps, actor, { ...wanted(), lineId: line.id });
    await expect(refused).rejects.toMatchObject({ fields: { lineId: `there is no such line in House ${number}` } });
  });
});

describe('two at once', () => {
  const both = async (first: object, second: object) => {
    const results = await Promise.allSettled([
      installMeter(deps, actor, { ...wanted(), ...first }),
      installMeter(deps, actor, { ...wanted(), ...second }),
    ]);
    return {
      won: results.filter((result) => result.status === 'fulfilled').length,
      lost: results.find((result) => result.status === 'rejected')?.reason,
    };
  };

  test.each([1, 2, 3, 4, 5])('only one takes the unit id (%i)', async () => {
    const { won, lost } = await both({ serial: 'x' }, { serial: 'y', flatId: house.otherFlatId });
    expect(won).toBe(1);
    expect(lost).toMatchObject({ status: 409, fields: { unitId: expect.stringContaining('taken') } });
    expect(await database.prisma.installation.count({ where: { lineId: house.lineId } })).toBe(1);
    await database.prisma.installation.deleteMany();
    await database.prisma.meter.deleteMany();
  });

  test.each([1, 2, 3])('only one takes the serial, though on two lines (%i)', async () => {
    const line = await createLine(deps, actor, { buildingId: house.buildingId, name: 'roof', host: `roof-${house.buildingId}`, port: 502 });
    const { won, lost } = await both({}, { lineId: line.id, flatId: house.otherFlatId });
    expect(won).toBe(1);
    expect((lost as { code: string }).code).toMatch(/conflict|P2002/);
    expect(await database.prisma.installation.count({ where: { lineId: { in: [house.lineId, line.id] } } })).toBe(1);
  });

  test.each([1, 2, 3])('only one hangs at the point (%i)', async () => {
    const { won } = await both({ serial: `p${number}`, pointName: 'main' }, { serial: `q${number}`, unitId: 2, pointName: 'main' });
    expect(won).toBe(1);
    expect(await database.prisma.installation.count({ where: { lineId: house.lineId } })).toBe(1);
  });
});

describe('closing', () => {
  const reading = (meterId: number, atMs: number, importWh: number) => ({
    meterId,
    atMs,
    takenAtMs: atMs,
    latencyMs: 20,
    values: { import_active_energy_total: importWh, export_active_energy_total: 7 },
    extra: null,
    refused: null,
  });

  test('ends the installation with its last counters and keeps all readings', async () => {
    const { id } = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-02-01' });
    await insertReadings(database.pool, [
      reading(id, nowMs - 2 * HOUR_MS, 1_000),
      reading(id, nowMs - HOUR_MS, 1_200),
      reading(id, nowMs, 1_300),
    ]);
    await database.prisma.incident.create({
      data: { kind: 'meter_silent', subject: `meter-${id}`, title: 'silent', openedAt: new Date(nowMs) },
    });
    const closed = await closeMeter(deps, actor, { id, at: new Date(nowMs - HOUR_MS) });
    expect(closed).toMatchObject({ state: 'closed', stateReason: 'closed-by-hand' });
    expect(closed.installations).toMatchObject([
      { running: false, toAt: new Date(nowMs - HOUR_MS), lastImportWh: 1_200n, lastExportWh: 7n },
    ]);
    expect(await database.prisma.reading.count({ where: { meterId: id } })).toBe(3);
    expect(await database.prisma.incident.count({ where: { subject: `meter-${id}`, closedAt: null } })).toBe(0);
    await expect(closeMeter(deps, actor, { id })).rejects.toMatchObject({ status: 409 });
  });

  test('before its start it cannot end', async () => {
    const { id } = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-02-01' });
    await expect(closeMeter(deps, actor, { id, at: '2026-01-01' })).rejects.toMatchObject({
      fields: { at: expect.stringContaining('before its start') },
    });
  });

  test('an end that lies ahead lets it run until then', async () => {
    const { id } = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-02-01' });
    const meter = await closeMeter(deps, actor, { id, at: new Date(nowMs + HOUR_MS) });
    expect(meter).toMatchObject({ state: 'new', installations: [{ running: true, toAt: new Date(nowMs + HOUR_MS) }] });
  });

  test('is undone by installing it again, at the point where it hung', async () => {
    const first = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-02-01' });
    await closeMeter(deps, actor, { id: first.id });
    nowMs += HOUR_MS;
    const again = await installMeter(deps, actor, wanted());
    expect(again.id).toBe(first.id);
    expect(again.state).toBe('new');
    expect(again.installations.map(({ pointId, running }) => ({ pointId, running }))).toEqual([
      { pointId: first.installations[0]?.pointId, running: false },
      { pointId: first.installations[0]?.pointId, running: true },
    ]);
  });

  test('is undone by taking the end back', async () => {
    const first = await installMeter(deps, actor, { ...wanted(), fromAt: '2026-02-01' });
    const closed = await closeMeter(deps, actor, { id: first.id });
    const installation = await changeInstallation(deps, actor, { id: closed.installations[0]?.id ?? 0, toAt: null });
    expect(installation).toMatchObject({ running: true, toAt: null, lastImportWh: null });
    expect((await database.prisma.meter.findUniqueOrThrow({ where: { id: first.id } })).state).toBe('new');
  });

  test('a meter that is closed elsewhere is not told to those who never saw it', async () => {
    const first = await installMeter(deps, actor, wanted());
    await closeMeter(deps, actor, { id: first.id, at: new Date(nowMs) });
    const { id: buildingId } = await createBuilding(deps, actor, { name: `Third house ${number}` });
    const flat = await createFlat(deps, actor, { buildingId, name: 'flat' });
    const line = await createLine(deps, actor, { buildingId, name: 'cellar', host: `gateway-${buildingId}`, port: 502 });
    const stranger = provider(buildingId);
    const refused = installMeter(deps, stranger, { ...wanted(), flatId: flat.id, lineId: line.id });
    await expect(refused).rejects.toMatchObject({ status: 409, fields: { serial: expect.stringContaining('in use') } });
    const point = await database.prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
    const placed = placeMeter(deps, stranger, { meterId: first.id, pointId: point.id, lineId: line.id, unitId: 9 });
    await expect(placed).rejects.toMatchObject({ status: 400, fields: { meterId: 'there is no such meter' } });
  });
});

test('dates that overlap those of another installation are refused', async () => {
  const first = await installMeter(deps, actor, { ...wanted(), fromAt: '2025-01-01', toAt: '2025-06-01' });
  expect(first.state).toBe('closed');
  const second = await installMeter(deps, actor, { ...wanted({ serial: `later ${number}` }), pointName: 'Point 1', fromAt: '2025-06-01' });
  const id = second.installations[0]?.id ?? 0;
  await expect(changeInstallation(deps, actor, { id, fromAt: '2025-05-31' })).rejects.toMatchObject({
    status: 409,
    fields: { pointId: expect.any(String), unitId: expect.any(String) },
  });
  await expect(changeInstallation(deps, actor, { id, fromAt: '2025-06-02' })).resolves.toMatchObject({ running: true });
});
