import { describe, expect, test } from 'vitest';
import { planReads } from '../../src/domain/read-plan.ts';
import { readMeter, type MeterRequest } from '../../src/modbus/read-meter.ts';
import { SunspecBlocks } from '../../src/modbus/sunspec-blocks.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeDevice, put, putChain, type Device } from '../support/sunspec-device.ts';

const LATER = Number.MAX_SAFE_INTEGER;

describe('reading a SunSpec meter', () => {
  const model = loadModel('sunspec-203');
  const plan = planReads(model, ['voltage_l1', 'active_power_total', 'import_active_energy_total']);
  const request: MeterRequest = { unitId: 3, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due' };

  /** A meter whose power is `watts`; its block lies behind another one of that length. */
  function putMeter(device: Device, watts: number, other: number): number {
    device.registers.clear();
    const places = putChain(device, 40_000, [
      [1, 66],
      [103, other],
      [203, 105],
    ]);
    const base = places.get(203)!;
    put(device, base + 8, [2345]);
    put(device, base + 15, [0xffff]);
    put(device, base + 18, [watts]);
    put(device, base + 46, [0x0001, 0x0000]);
    return base;
  }

  function makeReader(device: Device, clock = () => 0) {
    const blocks = new SunspecBlocks(clock);
    return (given: MeterRequest = request) => blocks.read(device.ask, given, (ask) => readMeter(ask, given, clock));
  }

  test('its block is found once, and its registers are told as they lie in the meter', async () => {
    const device = makeDevice();
    const base = putMeter(device, 1500, 50);
    const read = makeReader(device);
    const first = await read();
    expect(first.result).toMatchObject({
      ok: true,
      decoded: { values: { voltage_l1: 234.5, active_power_total: 1500, import_active_energy_total: 65_536 }, refused: {} },
      blocks: [{ function: 3, address: base }],
    });
    const askedBefore = device.asked.length;
    expect((await read()).result.ok).toBe(true);
    expect(device.asked.slice(askedBefore)).toEqual([{ address: base, count: 55 }]);
  });

  test('a block that has moved is found anew, and no value of what lies there now is taken', async () => {
    const device = makeDevice();
    putMeter(device, 1500, 50);
    const read = makeReader(device);
    await read();
    // The registers where the block was are still readable.
    const base = putMeter(device, 1700, 52);
    expect((await read()).result).toMatchObject({
      ok: true,
      blocks: [{ address: base }],
      decoded: { values: { active_power_total: 1700 } },
    });
    // Now they are not.
    const near = putMeter(device, 1800, 0);
    for (const address of device.registers.keys()) if (address > near + 120) device.registers.delete(address);
    expect((await read()).result).toMatchObject({
      ok: true,
      blocks: [{ address: near }],
      decoded: { values: { active_power_total: 1800 } },
    });
  });

  test('each unit and each model has its own place', async () => {
    const device = makeDevice();
    putMeter(device, 1500, 50);
    const read = makeReader(device);
    await read();
    const before = device.asked.length;
    await read({ ...request, unitId: 4 });
    expect(device.asked.length - before).toBeGreaterThan(1);
  });

  test('without SunSpec the failure says so, and another turn would bring nothing', async () => {
    const device = makeDevice();
    put(device, 0, [1, 2, 3]);
    expect(await makeReader(device)()).toEqual({
      result: { ok: false, reason: 'refused', detail: 'no SunSpec here: no "SunS" at register 40000, 50000, 0', latencyMs: 0 },
      mayPass: false,
    });
  });

  test('silence of the meter is its failure, and it may pass', async () => {
    const device = makeDevice();
    putMeter(device, 1500, 50);
    const read = makeReader(device);
    await read();
    device.fault = { ok: false, reason: 'no-answer', detail: 'no answer' };
    const before = device.asked.length;
    expect(await read()).toMatchObject({ result: { ok: false, reason: 'no-answer' }, mayPass: true });
    expect(device.asked.length - before).toBe(1);
    device.fault = null;
    expect((await read()).result.ok).toBe(true);
  });

  test('nothing is asked after the deadline', async () => {
    const device = makeDevice();
    putMeter(device, 1500, 50);
    let now = 0;
    const slow: Device = { ...device, ask: (block) => ((now += 10), device.ask(block)) };
    const turn = await makeReader(slow, () => now)({ ...request, deadlineMs: 25 });
    expect(turn.result).toMatchObject({ ok: false, reason: 'late', detail: 'the deadline passed while the SunSpec block was looked for' });
    expect(device.asked).toHaveLength(3);
  });

  test('a model with fixed addresses is read as it is', async () => {
    const device = makeDevice();
    put(
      device,
      0,
      Array.from({ length: 80 }, () => 0),
    );
    const fixed = planReads(loadModel('eastron-sdm120'), ['voltage_l1']);
    const turn = await makeReader(device)({ ...request, plan: fixed });
    expect(turn.result).toMatchObject({ ok: true, blocks: [{ address: 0 }] });
    expect(device.asked).toEqual([{ address: 0, count: 2 }]);
  });
});
