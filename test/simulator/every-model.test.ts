import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeterModel } from '../../src/domain/meter-model.ts';
import { isEnergy } from '../../src/domain/quantity.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import { phasesOf, shownValues } from '../../src/simulator/answer-plan.ts';
import { MeterPhysics } from '../../src/simulator/physics.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 18, 30);
const LATER = Number.MAX_SAFE_INTEGER;
const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
// A household with a roof in the evening: every counter has something, and the day has seen both directions.
const profile = makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: 3 }, site);
const base = { atMs: NOW_MS - 3_600_000, importWh: 12_345_678, exportWh: 2_345_678, importVarh: 3_456_789, peakW: 5_432 };

// What no shipped meter has, all on one: bits of both functions, bytes that share a word, decimal digits, every order, scale factors.
const exotic = makeModel(
  [
    ...Array.from({ length: 19 }, (_, index) =>
      makeRegister({ quantity: `relay_${index}`, unit: '', type: 'bit', function: 1, address: 100 + index }),
    ),
    ...Array.from({ length: 9 }, (_, index) =>
      makeRegister({ quantity: `input_${index}`, unit: '', type: 'bit', function: 2, address: 7 + 2 * index }),
    ),
    makeRegister({ quantity: 'voltage_l1', type: 'uint8', byteOrder: 'little', address: 0 }),
    makeRegister({ quantity: 'phase_angle_total', unit: 'deg', type: 'int8', address: 0 }),
    makeRegister({ quantity: 'active_power_total', unit: 'W', type: 'bcd', words: 2, address: 2, wordOrder: 'little' }),
    makeRegister({
      quantity: 'apparent_power_total',
      unit: 'VA',
      type: 'int64',
      words: 4,
      address: 4,
      wordOrder: 'little',
      byteOrder: 'little',
    }),
    makeRegister({ quantity: 'frequency', unit: 'Hz', type: 'float64', words: 4, address: 8, byteOrder: 'little' }),
    makeRegister({ quantity: 'current_l1', unit: 'A', type: 'uint16', address: 12, byteOrder: 'little', scaleBy: 'current_exponent' }),
    makeRegister({ quantity: 'current_exponent', unit: '', type: 'int16', address: 700, byteOrder: 'little' }),
    makeRegister({ quantity: 'unit_id', unit: '', type: 'float32', words: 2, address: 300, writable: '1..247' }),
  ],
  { key: 'exotic' },
);

const keys = readdirSync(new URL('../../meters/', import.meta.url)).map((file) => file.replace(/\.csv$/, ''));
const models = [...keys.map((key) => loadModel(key)), exotic];
let meters: VirtualMeters;
let line: Line;

beforeAll(async () => {
  meters = await startVirtualMeters(
    models.map((model, index) => ({ serial: model.key, port: 0, unitId: index + 1, model, profile, base })),
    { clock: () => NOW_MS },
  );
  line = new Line(
    {
      id: 1,
      name: 'library',
      transport: 'tcp',
      host: '127.0.0.1',
      port: meters.ports[0]!,
      timeoutMs: 2_000,
      retries: 0,
      pauseMs: 0,
      keepOpen: true,
    },
    { clock: () => NOW_MS, log: makeLogger('test', 'silent') },
  );
});
afterAll(async () => {
  await line.close();
  await meters.close();
});

function momentOf(model: MeterModel) {
  return new MeterPhysics(profile, base, { phases: phasesOf(model), seed: model.key }).at(NOW_MS);
}

describe('each model of the library as a virtual meter on a socket', () => {
  test('there are at least 60 of them', () => {
    expect(keys.length).toBeGreaterThanOrEqual(60);
  });

  test.each(models.map((model, index) => [model.key, model, index + 1] as const))(
    '%s shows every quantity as its physics have it',
    async (_key, model, unitId) => {
      const all = model.registers.map((spec) => spec.quantity);
      const result = await line.read({
        unitId,
        plan: planReads(model, all),
        ratios: { ct: 1, pt: 1 },
        deadlineMs: LATER,
        priority: 'ad-hoc',
      });
      expect(result).toMatchObject({ ok: true, decoded: { refused: {} } });
      if (!result.ok) return;
      const told: Record<string, number | undefined> = { ...result.decoded.values, ...result.decoded.extra };
      const shown = shownValues(model, momentOf(model));
      expect(Object.keys(told).toSorted()).toEqual(all.toSorted());
      for (const [quantity, value] of shown) {
        expect({ quantity, value: told[quantity] }).toEqual({
          quantity,
          value: isEnergy(quantity) ? Math.round(value) : (expect.closeTo(value, 6) as number),
        });
      }
    },
  );

  test('what they show is what a house has', () => {
    for (const model of models) {
      const moment = momentOf(model);
      const shown = shownValues(model, moment);
      const near = (quantity: string, value: number, share: number) => {
        const told = shown.get(quantity);
        if (told !== undefined) expect({ model: model.key, told }).toSatisfy(() => Math.abs(told - value) <= Math.abs(value) * share);
      };
      near('voltage_l1', 230, 0.1);
      near('frequency', 50, 0.01);
      near('active_power_total', moment.powerW, 0.05);
      near('import_active_energy_total', base.importWh, 0.01);
      near('export_active_energy_total', base.exportWh, 0.01);
    }
  });
});
