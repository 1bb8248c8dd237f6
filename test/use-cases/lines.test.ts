import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PERMISSIONS, type Actor } from '../../src/domain/permission.ts';
import { loadFleet } from '../../src/store/fleet.ts';
import { changeLine } from '../../src/use-cases/change-line.ts';
import { createBuilding } from '../../src/use-cases/create-building.ts';
import { createLine } from '../../src/use-cases/create-line.ts';
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
let deps: { database: typeof database; clock: () => number };
let number = 0;
let buildingId: number;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: Date.now };
});
afterAll(() => database.drop());
beforeEach(async () => {
  number += 1;
  buildingId = (await createBuilding(deps, actor, { name: `House ${number}` })).id;
});

const gateway = (given: object = {}) => ({ buildingId, name: 'gateway', host: `gateway-${number}`, port: 502, ...given });
const bus = (given: object = {}) => ({ buildingId, name: 'bus', transport: 'rtu' as const, serialPath: `/dev/ttyUSB${number}`, ...given });
const settingsOf = async (id: number) => (await loadFleet(database.pool)).lines.get(id);
const common = { poller: 'main', timeoutMs: 1000, retries: 2, pauseMs: 0, keepOpen: true };

describe('a line', () => {
  test('is Modbus TCP unless something else is said', async () => {
    const { id } = await createLine(deps, actor, gateway());
    expect(await settingsOf(id)).toEqual({ id, name: 'gateway', ...common, transport: 'tcp', host: `gateway-${number}`, port: 502 });
  });

  test('may pass raw RTU frames on, and let its connection go', async () => {
    const { id } = await createLine(deps, actor, gateway({ transport: 'rtu_over_tcp', port: 4001, keepOpen: false }));
    expect(await settingsOf(id)).toMatchObject({ transport: 'rtu_over_tcp', port: 4001, keepOpen: false });
  });

  test('on a serial port is 9600 8N1 unless something else is said', async () => {
    const { id } = await createLine(deps, actor, bus());
    const place = { transport: 'rtu', serialPath: `/dev/ttyUSB${number}`, baudRate: 9600, parity: 'none', stopBits: 1 };
    expect(await settingsOf(id)).toEqual({ id, name: 'bus', ...common, ...place });
    const path = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0';
    const fast = await createLine(deps, actor, bus({ name: 'fast', serialPath: path, baudRate: 115_200, parity: 'even', stopBits: 2 }));
    expect(await settingsOf(fast.id)).toMatchObject({ serialPath: path, baudRate: 115_200, parity: 'even', stopBits: 2 });
  });
});

describe('what does not belong together is said at its field, and nothing is stored', () => {
  test.each<[object, Record<string, string>]>([
    [{}, { host: expect.stringContaining('is needed'), port: expect.stringContaining('is needed') }],
    [{ host: 'gateway' }, { port: 'is needed: Modbus TCP mostly listens on 502' }],
    [{ transport: 'rtu' }, { serialPath: expect.stringContaining('is needed') }],
    [{ transport: 'rtu', serialPath: '/dev/ttyS0', host: 'gateway' }, { host: 'must be empty on a serial port' }],
    [{ host: 'gateway', port: 502, baudRate: 9600 }, { baudRate: 'must be empty unless the transport is rtu' }],
    [{ transport: 'rtu', serialPath: '/dev/../etc/passwd' }, { serialPath: expect.stringContaining('must be a device') }],
    [{ transport: 'rtu', serialPath: 'ttyUSB0' }, { serialPath: expect.stringContaining('must be a device') }],
    [{ transport: 'rtu', serialPath: '/dev/ttyS0', baudRate: 1000 }, { baudRate: expect.stringContaining('must be one of 300, 600') }],
    [{ transport: 'rtu', serialPath: '/dev/ttyS0', parity: 'mark' }, { parity: 'must be one of none, even, odd' }],
    [{ transport: 'rtu', serialPath: '/dev/ttyS0', stopBits: 3 }, { stopBits: 'must be one of 1, 2' }],
    [{ transport: 'push', host: 'gateway', port: 502 }, { transport: 'must be one of tcp, rtu_over_tcp, rtu' }],
  ])('%j', async (given, fields) => {
    const before = await database.prisma.line.count();
    const making = createLine(deps, actor, { buildingId, name: 'wrong', ...given } as never);
    await expect(making).rejects.toMatchObject({ status: 400, fields });
    expect(await database.prisma.line.count()).toBe(before);
  });
});

describe('one address has one line of a poller', () => {
  test('a second one is refused by the name of the first, whatever is spoken there', async () => {
    await createLine(deps, actor, gateway());
    const sentence = `gateway-${number}:502 is reached by the line "gateway" already: put the meters on that one`;
    const again = createLine(deps, actor, gateway({ name: 'again', transport: 'rtu_over_tcp' }));
    await expect(again).rejects.toMatchObject({ status: 409, message: `${sentence}.`, fields: { host: sentence } });
    await expect(createLine(deps, actor, gateway({ name: 'other port', port: 503 }))).resolves.toBeDefined();
    await expect(createLine(deps, actor, gateway({ name: 'other poller', poller: 'attic' }))).resolves.toBeDefined();
  });

  test('nor a second one of a serial port, made or moved there', async () => {
    await createLine(deps, actor, bus());
    await expect(createLine(deps, actor, bus({ name: 'again' }))).rejects.toMatchObject({
      status: 409,
      fields: { serialPath: expect.stringContaining('the line "bus"') },
    });
    const { id } = await createLine(deps, actor, bus({ name: 'elsewhere', serialPath: '/dev/ttyS9' }));
    await expect(changeLine(deps, actor, { id, serialPath: `/dev/ttyUSB${number}` })).rejects.toMatchObject({ status: 409 });
    await expect(changeLine(deps, actor, { id, serialPath: '/dev/ttyS9', retries: 1 })).resolves.toMatchObject({ retries: 1 });
    await changeLine(deps, actor, { id, serialPath: '/dev/ttyS8' });
  });

  test('who may not see the other line is not told its name', async () => {
    await createLine(deps, actor, gateway({ name: 'secret' }));
    const { id } = await createBuilding(deps, actor, { name: `Next door ${number}` });
    const neighbour: Actor = { ...actor, grants: PERMISSIONS.map((permission) => ({ permission, buildingId: id })) };
    await expect(createLine(deps, neighbour, { ...gateway(), buildingId: id })).rejects.toMatchObject({
      message: expect.stringContaining('a line of another building'),
    });
  });
});

describe('a line that is changed', () => {
  test('to another transport leaves behind what belonged to the one before', async () => {
    const { id } = await createLine(deps, actor, gateway());
    // As a form sends it: all that stood in it before, and what is new.
    const form = {
      host: `gateway-${number}`,
      port: 502,
      transport: 'rtu' as const,
      serialPath: `/dev/ttyACM${number}`,
      parity: 'even' as const,
    };
    await changeLine(deps, actor, { id, ...form });
    expect(await database.prisma.line.findUnique({ where: { id } })).toMatchObject({
      transport: 'rtu',
      host: null,
      port: null,
      serialPath: `/dev/ttyACM${number}`,
      baudRate: 9600,
      parity: 'even',
      stopBits: 1,
    });
    await changeLine(deps, actor, { id, transport: 'rtu_over_tcp', host: 'there', port: 4001 + number });
    expect(await settingsOf(id)).toMatchObject({ transport: 'rtu_over_tcp', host: 'there' });
    expect(await database.prisma.line.findUnique({ where: { id } })).toMatchObject({ serialPath: null, baudRate: null });
  });

  test('must still be somewhere', async () => {
    const { id } = await createLine(deps, actor, gateway());
    await expect(changeLine(deps, actor, { id, transport: 'rtu' })).rejects.toMatchObject({ fields: { serialPath: expect.anything() } });
    await expect(changeLine(deps, actor, { id, host: null })).rejects.toMatchObject({ fields: { host: expect.anything() } });
    await expect(changeLine(deps, actor, { id, parity: 'odd' })).rejects.toMatchObject({ fields: { parity: expect.anything() } });
    expect(await settingsOf(id)).toMatchObject({ transport: 'tcp', host: `gateway-${number}` });
  });

  test('in its name only is the same line', async () => {
    const { id } = await createLine(deps, actor, bus());
    await changeLine(deps, actor, { id, name: 'renamed' });
    expect(await settingsOf(id)).toMatchObject({ name: 'renamed', serialPath: `/dev/ttyUSB${number}` });
  });
});
