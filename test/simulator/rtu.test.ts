import { connect as dial } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterEach, describe, expect, test } from 'vitest';
import { ModbusClient } from '../../src/modbus/modbus-client.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters, type VirtualMeter } from '../../src/simulator/virtual-meters.ts';
import { withCrc } from '../support/hostile-proxy.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 18, 30);
const UNIT = 5;
const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
const profile = makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: 1 }, site);
const settings = makeModel([
  makeRegister({ address: 0 }),
  makeRegister({ quantity: 'frequency', unit: 'Hz', address: 1, writable: '1..247' }),
  makeRegister({ quantity: 'current_l1', unit: 'A', address: 2, type: 'uint32', words: 2, writable: '0..100000' }),
]);

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(meter: Partial<VirtualMeter> = {}) {
  const ledger = new Ledger();
  const whole = { serial: 'RTU-5', port: 0, unitId: UNIT, spoken: 'rtu', model: loadModel('eastron-sdm630'), profile, ...meter } as const;
  const running = await startVirtualMeters([whole], { clock: () => NOW_MS, ledger });
  closers.push(() => running.close());
  return { ...running, ledger, port: running.ports[0] ?? 0 };
}

/** A plain client of the library, without anything of ours. */
async function connect(port: number, transport: 'mbap' | 'rtu' = 'rtu') {
  const client = new modbusSerial.default();
  await (transport === 'rtu' ? client.connectTelnet('127.0.0.1', { port }) : client.connectTCP('127.0.0.1', { port }));
  client.setID(UNIT);
  client.setTimeout(1_000);
  closers.push(() => new Promise<void>((resolve) => client.close(() => resolve())));
  return client;
}

describe('a virtual gateway that passes raw RTU on', () => {
  test('is read by a plain client, and the ledger has what it told', async () => {
    const { port, ledger } = await start();
    const { data } = await (await connect(port)).readInputRegisters(0, 18);
    expect(data).toHaveLength(18);
    expect(ledger.wasAnswered({ serial: 'RTU-5', address: 0, words: data, fromMs: NOW_MS, toMs: NOW_MS + 1 })).not.toBeNull();
  });

  test('refuses with exceptions, and says nothing for a unit that is not there', async () => {
    const { port } = await start();
    const client = await connect(port);
    await expect(client.readInputRegisters(5000, 2)).rejects.toMatchObject({ modbusCode: 2 });
    client.setID(UNIT + 1);
    client.setTimeout(100);
    await expect(client.readInputRegisters(0, 2)).rejects.toMatchObject({ name: 'TransactionTimedOutError' });
  });

  test('drops what has a wrong checksum, and answers the next whole request', async () => {
    const { port } = await start();
    const socket = dial({ host: '127.0.0.1', port, noDelay: true });
    closers.push(() => void socket.destroy());
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    const asked = withCrc(Buffer.from([UNIT, 4, 0, 0, 0, 2]));
    const broken = Buffer.from(asked);
    broken[7] = (broken[7] ?? 0) ^ 1;
    socket.write(broken);
    // What arrives together with the broken one is dropped with it.
    while (received.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.write(asked);
    }
    const answer = Buffer.concat(received).subarray(0, 9);
    expect([...answer.subarray(0, 3)]).toEqual([UNIT, 4, 4]);
    expect(withCrc(answer.subarray(0, 7))).toEqual(answer);
  });

  test('garbage is never an answer', async () => {
    const { port } = await start({ behaviour: { kind: 'garbage' } });
    const client = new ModbusClient({ transport: 'rtu_over_tcp', host: '127.0.0.1', port, timeoutMs: 200 });
    for (let turn = 0; turn < 7; turn += 1) {
      expect(await client.connect()).toBe(null);
      expect(await client.ask({ unitId: UNIT, function: 4, address: 0, count: 4 })).toMatchObject({ ok: false });
    }
    await client.close();
  });
});

describe.each(['mbap', 'rtu'] as const)('writing over %s', (spoken) => {
  test('stores what the map allows, and shows it from then on', async () => {
    const { port } = await start({ spoken, model: settings });
    const client = await connect(port, spoken);
    expect(await client.writeRegister(1, 42)).toMatchObject({ address: 1, value: 42 });
    expect(await client.writeRegisters(2, [1, 0x86a0])).toMatchObject({ address: 2, length: 2 });
    expect((await client.readHoldingRegisters(1, 3)).data).toEqual([42, 1, 0x86a0]);
  });

  test('refuses what is not writable, half a value, and a value beyond its range', async () => {
    const { port } = await start({ spoken, model: settings });
    const client = await connect(port, spoken);
    await expect(client.writeRegister(0, 1)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(client.writeRegister(2, 1)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(client.writeRegister(1, 248)).rejects.toMatchObject({ modbusCode: 3 });
    await expect(client.writeRegisters(1, [2, 0xffff, 0xffff])).rejects.toMatchObject({ modbusCode: 3 });
    expect((await client.readHoldingRegisters(1, 1)).data).not.toEqual([2]);
  });
});
