import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startBridge, type BridgeCommandOptions } from '../../src/bin/bridge.ts';
import { readAnswer, type BridgeMapping } from '../../src/domain/bridge-mapping.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { Line } from '../../src/modbus/line.ts';
import type { ReadResult } from '../../src/modbus/read-meter.ts';
import { keepLog } from '../support/kept-log.ts';
import { loadModel } from '../support/meter-models.ts';
import { eventually, processContext } from '../support/running.ts';

const folder = mkdtempSync(join(tmpdir(), 'wattbook-bridge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

const model = loadModel('emm-virtual-tlc10000');
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An inverter that can go away and come back under its address. */
async function startInverter(first: Handler) {
  let handler = first;
  let server: Server;
  let port = 0;
  const open = () =>
    new Promise<void>((resolve) => {
      server = createServer((request, response) => handler(request, response));
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        resolve();
      });
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await open();
  toClose.push(close);
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    close,
    become(next: Handler) {
      handler = next;
    },
  };
}

/** The bridge, and the line of a poller that reads it as a meter. */
async function bridge(
  options: Partial<BridgeCommandOptions> & { source: string },
  env: Record<string, string> = {},
  quantities = ['active_power_total'],
) {
  const log = keepLog();
  const context = { ...processContext(env), log: log.log };
  toClose.push(() => context.shutdown.run());
  const server = await startBridge(context, { mapping: 'zeversolar-tlc10000', port: '0', period: '0.05', maxAge: '3', ...options });
  const settings = {
    transport: 'tcp',
    host: '127.0.0.1',
    port: server.port,
    timeoutMs: 20_000,
    retries: 0,
    pauseMs: 0,
    keepOpen: true,
  } as const;
  const line = new Line({ id: 1, name: 'to the bridge', ...settings }, { clock: Date.now, log: context.log });
  toClose.push(() => line.close());
  const plan = planReads(model, quantities);
  const meter = { unitId: 1, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: Number.MAX_SAFE_INTEGER, priority: 'ad-hoc' } as const;
  return { read: () => line.read(meter), said: () => log.lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('the inverter')) };
}

const page = (watts: string, kwhToday = '3.4') =>
  ['1', '1', 'EAB', 'KEY', 'M11', '17A', '12:00', 'OK', '1', 'ZS1', watts, kwhToday, 'OK', 'Error', ''].join('\n');
const tells =
  (text: string): Handler =>
  (_, response) =>
    response.end(text);
const isRead = (result: ReadResult) => result.ok;
/** The register is a float32 of kW. */
const hasPower = (watts: number) => (result: ReadResult) =>
  result.ok && Math.abs((result.decoded.values.active_power_total ?? Number.NaN) - watts) < 0.01;
const isRefused = (result: ReadResult) => !result.ok && result.reason === 'refused' && result.detail.includes('11');

test('a TLC10000 is read as a meter; while it is away reading fails, once it is back its values are read, and each is said once', async () => {
  const inverter = await startInverter(tells(page('2340')));
  const { read, said } = await bridge({ source: inverter.url }, {}, [
    'active_power_total',
    'export_active_energy_today',
    'export_active_energy_total',
  ]);
  const first = await eventually(read, hasPower(-2_340));
  // What it gives is power with the sign of export; what the mapping does not name is no register.
  expect(first).toMatchObject({
    ok: true,
    decoded: { refused: { export_active_energy_total: { reason: 'not-there' } } },
  });
  expect((first as { decoded: { extra: object } }).decoded.extra).toEqual({ export_active_energy_today: expect.closeTo(3.4, 5) });
  await inverter.close();
  await eventually(read, isRefused);
  inverter.become(tells(page('0')));
  await inverter.open();
  // A true zero is one.
  await eventually(read, hasPower(0));
  expect(said()).toEqual(['the inverter answers', 'the inverter does not answer', 'the inverter answers']);
});

test('the bridge starts while the inverter is away, and is no meter of another unit', async () => {
  const inverter = await startInverter(tells(page('5')));
  await inverter.close();
  const { read } = await bridge({ source: inverter.url });
  expect(await read()).toSatisfy(isRefused);
  await inverter.open();
  await eventually(read, hasPower(-5));
});

test.each<[string, Handler]>([
  ['answers something else', tells('<html>busy</html>')],
  ['leaves the value empty', tells(page(''))],
  ['says no number', tells(page('NaN'))],
  ['answers an error', (_, response) => response.writeHead(500).end(page('7'))],
  ['sends elsewhere', (_, response) => response.writeHead(302, { location: '/other' }).end()],
  ['never answers', () => {}],
  ['never ends its answer', (_, response) => response.write(page('7'))],
  [
    'answers without end',
    (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('7'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
  ],
])('an inverter that %s gives no value', async (_, handler) => {
  const inverter = await startInverter(tells(page('100')));
  const { read } = await bridge({ source: inverter.url, timeout: '1' });
  await eventually(read, hasPower(-100));
  inverter.become(handler);
  await eventually(read, isRefused);
  inverter.become(tells(page('200')));
  await eventually(read, hasPower(-200));
});

test('an inverter that wants a key is shown it, and tells JSON with its unit beside the number', async () => {
  const asked: string[] = [];
  const inverter = await startInverter((request, response) => {
    asked.push(`${request.url} ${String(request.headers['x-api-key'])}`);
    response.end(JSON.stringify({ 'E-Total': { value: '12.345', unit: 'MWh' } }));
  });
  const energy = ['export_active_energy_total'];
  const cloud = await bridge({ source: inverter.url, mapping: 'zevercloud' }, { BRIDGE_KEY: 'a secret' }, energy);
  expect(await eventually(cloud.read, isRead)).toMatchObject({ decoded: { values: { export_active_energy_total: 12_345_000 } } });
  expect(asked[0]).toBe('/api/v1/getPlantOverview?key=a+secret undefined');
  asked.length = 0;
  const own = join(folder, 'own.json');
  const value = { quantity: energy[0], json: '/E-Total/value', unitAt: '/E-Total/unit' };
  writeFileSync(own, JSON.stringify({ model: model.key, path: '/now', key: { header: 'X-Api-Key' }, values: [value] }));
  await eventually((await bridge({ source: inverter.url, mapping: own }, { BRIDGE_KEY: 'another' }, energy)).read, isRead);
  expect(asked).toContain('/now another');
});

test('what cannot be bridged is said at the start', async () => {
  const source = 'http://127.0.0.1:1';
  const start = (options: Partial<BridgeCommandOptions>, mapping?: object) => {
    const file = join(folder, 'bad.json');
    if (mapping !== undefined) writeFileSync(file, JSON.stringify(mapping));
    return bridge({ source, ...(mapping === undefined ? {} : { mapping: file }), ...options });
  };
  const of = (value: object, more: object = {}) => ({ model: model.key, path: '/', values: [value], ...more });
  await expect(start({ mapping: 'nothing-like-it' })).rejects.toThrow(/cannot be read/);
  await expect(start({ source: 'file:///etc/passwd' })).rejects.toThrow(/http/);
  await expect(start({}, of({ quantity: 'active_power_total' }))).rejects.toThrow(/line or json/);
  await expect(start({}, of({ quantity: 'voltage_l1', line: 1 }))).rejects.toThrow(/no register voltage_l1/);
  await expect(start({}, of({ quantity: 'active_power_total', line: 1, unit: 'kWh' }))).rejects.toThrow(/cannot be told/);
  await expect(start({}, of({ quantity: 'active_power_total', line: 1 }, { model: 'no-such' }))).rejects.toThrow(/no model no-such/);
  await expect(start({ mapping: 'zevercloud' })).rejects.toThrow(/BRIDGE_KEY/);
});

test('half an answer is no reading', () => {
  const values = [
    { quantity: 'active_power_total', json: '/power', unit: 'W', factor: 1 },
    { quantity: 'export_active_energy_total', json: '/__proto__/energy', factor: 1 },
  ];
  const mapping: BridgeMapping = { model: model.key, path: '/', key: null, values };
  for (const text of [
    '',
    'null',
    '[]',
    '{"power":1}',
    '{"power":1e999,"__proto__":{"energy":1}}',
    '{"power":true,"__proto__":{"energy":1}}',
  ]) {
    expect(readAnswer(text, mapping, model)).toMatchObject({ ok: false });
  }
  expect(readAnswer('{"power":1,"__proto__":{"energy":"2.5"}}', mapping, model)).toEqual({
    ok: true,
    raw: new Map([
      ['active_power_total', -0.001],
      ['export_active_energy_total', 2.5],
    ]),
  });
});
