import { connect as dial } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterEach, describe, expect, test } from 'vitest';
import type { MeterModel } from '../../src/domain/meter-model.ts';
import { decodeReading } from '../../src/domain/decode.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { freePorts } from '../../src/simulator/free-ports.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters, type VirtualMeter } from '../../src/simulator/virtual-meters.ts';
import { loadModel } from '../support/meter-models.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 18, 30);
const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
const sdm630 = loadModel('eastron-sdm630');
const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function virtualMeter(unitId: number, model: MeterModel = sdm630): VirtualMeter {
  const profile = makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: unitId }, site);
  return { serial: `V-${unitId}`, port: 0, unitId, model, profile };
}

async function start(meters: VirtualMeter[]) {
  const ledger = new Ledger();
  const running = await startVirtualMeters(meters, { clock: () => NOW_MS, ledger });
  closers.push(() => running.close());
  return { ...running, ledger, port: running.ports[0]! };
}

/** A plain client of the library, without anything of ours. */
async function connect(port: number, unitId: number, timeoutMs = 1_000): Promise<InstanceType<typeof modbusSerial.default>> {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(unitId);
  client.setTimeout(timeoutMs);
  closers.push(() => new Promise<void>((resolve) => client.close(() => resolve())));
  return client;
}

describe('virtual meters', () => {
  test.each(['eastron-sdm630', 'eastron-sdm120'])('%s: a plain client reads every register back, whole and physical', async (key) => {
    const model = loadModel(key);
    const { port, ledger } = await start([virtualMeter(5, model)]);
    const client = await connect(port, 5);
    const plan = planReads(
      model,
      model.registers.map((spec) => spec.quantity),
    );
    const words: number[][] = [];
    for (const { function: modbusFunction, address, count } of plan.blocks) {
      const answer = modbusFunction === 3 ? client.readHoldingRegisters(address, count) : client.readInputRegisters(address, count);
      words.push((await answer).data);
    }
    const { values, refused } = decodeReading(plan, words, { ct: 1, pt: 1 });
    expect(refused).toEqual({});
    expect(values.active_power_l1).toBeGreaterThan(0);
    expect(values.voltage_l1! * values.current_l1! * values.power_factor_l1!).toBeCloseTo(values.active_power_l1!, 1);
    const phases = [values.active_power_l1, values.active_power_l2, values.active_power_l3];
    expect(phases.reduce<number>((sum, watts) => sum + (watts ?? 0), 0)).toBeCloseTo(values.active_power_total!, 2);
    expect(ledger.count).toBe(plan.blocks.length);
  });

  test('many units on a port and many ports: each answers for itself', async () => {
    const [other] = await freePorts(1);
    const { ports } = await start([virtualMeter(1), virtualMeter(2), { ...virtualMeter(3), port: other! }]);
    expect(ports[1]).toBe(other);
    const powers = await Promise.all(
      [1, 2, 3].map(async (unitId) => {
        const client = await connect(ports[unitId === 3 ? 1 : 0]!, unitId);
        return (await client.readInputRegisters(52, 2)).buffer.readFloatBE(0);
      }),
    );
    expect(new Set(powers).size).toBe(3);
    const nobody = await connect(ports[0]!, 3);
    await expect(nobody.readInputRegisters(0, 2)).rejects.toMatchObject({ modbusCode: 11 });
  });

  test('what is not in the map is refused: address 2, count 3, function 1', async () => {
    const { port } = await start([virtualMeter(1)]);
    const client = await connect(port, 1);
    for (const address of [44, 110, 1_000, 381])
      await expect(client.readInputRegisters(address, 2)).rejects.toMatchObject({ modbusCode: 2 });
    // Half a register at either end.
    await expect(client.readInputRegisters(1, 2)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(client.readInputRegisters(0, 3)).rejects.toMatchObject({ modbusCode: 3 });
    await expect(client.readInputRegisters(0, 82)).rejects.toMatchObject({ modbusCode: 3 });
    await expect(client.readHoldingRegisters(0, 2)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(client.readCoils(0, 2)).rejects.toMatchObject({ modbusCode: 1 });
    expect((await client.readInputRegisters(0, 80)).data).toHaveLength(80);
  });

  test('behaviour switches while a client is connected', async () => {
    const { port, setBehaviour, ledger } = await start([virtualMeter(1), virtualMeter(2)]);
    const client = await connect(port, 1, 1_000);
    const read = () => client.readInputRegisters(0, 2);
    await read();
    setBehaviour('V-1', { kind: 'silent' });
    await expect(read()).rejects.toMatchObject({ errno: 'ETIMEDOUT' });
    const neighbour = await connect(port, 2);
    await neighbour.readInputRegisters(0, 2);
    setBehaviour('V-1', { kind: 'exception', code: 6 });
    await expect(read()).rejects.toMatchObject({ modbusCode: 6 });
    setBehaviour('V-1', { kind: 'latency', ms: 60 });
    const startMs = performance.now();
    await read();
    expect(performance.now() - startMs).toBeGreaterThan(50);
    setBehaviour('V-1', { kind: 'normal' });
    await read();
    expect(ledger.answersOf('V-1').map((answer) => answer.outcome)).toEqual(['values', 'exception', 'values', 'values']);
  });

  test('garbage is told apart in the ledger: its words were never answered', async () => {
    const { port, setBehaviour, ledger } = await start([virtualMeter(1)]);
    setBehaviour('V-1', { kind: 'garbage' });
    for (let turn = 0; turn < 14; turn += 1) {
      const client = await connect(port, 1, 60);
      const answered = await client.readInputRegisters(0, 4).catch(() => null);
      if (answered) expect(ledger.wasAnswered({ serial: 'V-1', address: 0, words: answered.data, fromMs: 0, toMs: Infinity })).toBeNull();
    }
    expect(ledger.answersOf('V-1').every((answer) => answer.outcome === 'garbage' && answer.words.length === 0)).toBe(true);
  });

  test('two requests in one packet and one request in two packets are answered', async () => {
    const { port } = await start([virtualMeter(1)]);
    const socket = dial(port, '127.0.0.1');
    closers.push(() => void socket.destroy());
    const request = (transaction: number) => [0, transaction, 0, 0, 0, 6, 1, 4, 0, 0, 0, 2];
    const answers = new Promise<Buffer>((resolve) => {
      let received = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length >= 3 * 13) resolve(received);
      });
    });
    socket.setNoDelay();
    socket.write(Buffer.from([...request(1), ...request(2), ...request(3).slice(0, 5)]));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(Buffer.from(request(3).slice(5)));
    const received = await answers;
    expect([received[1], received[14], received[27]]).toEqual([1, 2, 3]);
  });

  test('a unit, or a serial, that is there twice is refused', async () => {
    await expect(start([virtualMeter(1), { ...virtualMeter(1), serial: 'other' }])).rejects.toThrow('there twice');
    await expect(start([virtualMeter(1), { ...virtualMeter(2), serial: 'V-1' }])).rejects.toThrow('there twice');
  });
});
