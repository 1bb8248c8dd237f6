import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, NODES_A_DAY } from '../../src/simulator/calendar.ts';
import { chance } from '../../src/simulator/noise.ts';
import { MeterPhysics, type Moment } from '../../src/simulator/physics.ts';
import type { Profile } from '../../src/simulator/power-curve.ts';
import { quantities } from '../../src/simulator/quantities.ts';

const base = { atMs: 20_000 * DAY_MS, importWh: 5_000_000, exportWh: 1_000_000, importVarh: 0, peakW: 0 };
const PHASES = ['l1', 'l2', 'l3'];

function restless(seed: number): Profile {
  return { dayNodesW: (day) => Float64Array.from({ length: NODES_A_DAY }, (_, node) => 20_000 * chance(seed, day, node) - 10_000) };
}

function shown(moment: Moment, name: string): number {
  const quantify = quantities.get(name);
  if (!quantify) throw new Error(`no ${name}`);
  return quantify(moment);
}

const moments = fc
  .record({
    seed: fc.integer(),
    phases: fc.constantFrom(1 as const, 2 as const, 3 as const),
    afterMs: fc.integer({ min: 1, max: 3 * DAY_MS }),
  })
  .map(({ seed, phases, afterMs }) => {
    const physics = new MeterPhysics(restless(seed), base, { phases, seed: String(seed) });
    return { moment: physics.at(base.atMs + afterMs), later: physics.at(base.atMs + afterMs + 60_000), phases };
  });

describe('what a virtual meter shows', () => {
  test('P = V x I x PF and S2 = P2 + Q2 on every phase and in total', () => {
    fc.assert(
      fc.property(moments, ({ moment }) => {
        for (const phase of PHASES) {
          const watts = shown(moment, `active_power_${phase}`);
          const product = shown(moment, `voltage_${phase}`) * shown(moment, `current_${phase}`) * shown(moment, `power_factor_${phase}`);
          expect(product).toBeCloseTo(watts, 6);
        }
        for (const phase of [...PHASES, 'total']) {
          const apparent = shown(moment, `apparent_power_${phase}`);
          expect(Math.hypot(shown(moment, `active_power_${phase}`), shown(moment, `reactive_power_${phase}`))).toBeCloseTo(apparent, 6);
          expect(Math.abs(shown(moment, `power_factor_${phase}`))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('the phases sum up to the total of every power and every counter', () => {
    fc.assert(
      fc.property(moments, ({ moment }) => {
        const kinds = [
          'active_power',
          'reactive_power',
          'apparent_power',
          'import_active_energy',
          'export_active_energy',
          'import_reactive_energy',
        ];
        for (const kind of kinds) {
          const sum = PHASES.reduce((total, phase) => total + shown(moment, `${kind}_${phase}`), 0);
          expect({ kind, sum }).toEqual({ kind, sum: expect.closeTo(shown(moment, `${kind}_total`), 5) as number });
        }
        expect(shown(moment, 'current_sum')).toBeCloseTo(
          PHASES.reduce((sum, phase) => sum + shown(moment, `current_${phase}`), 0),
          6,
        );
      }),
    );
  });

  test('no counter falls, and nothing is what no grid has', () => {
    fc.assert(
      fc.property(moments, ({ moment, later, phases }) => {
        for (const name of quantities.keys()) {
          expect({ name, value: shown(moment, name) }).toSatisfy(({ value }: { value: number }) => Number.isFinite(value));
          if (!/energy|ampere_hours|_max/.test(name) || name.endsWith('_today')) continue;
          const risen = shown(later, name) - shown(moment, name);
          // What a double of some million Wh leaves open.
          expect({ name, risen }).toSatisfy((counter: { risen: number }) => counter.risen >= -1e-8);
        }
        expect(Math.abs(shown(moment, 'frequency') - 50)).toBeLessThan(0.05);
        for (const phase of PHASES) expect(Math.abs(shown(moment, `voltage_${phase}`) - 230)).toBeLessThan(23);
        // Three phases stand 120 degrees apart, the halves of a split one 180.
        const between = phases === 2 ? 460 : 400;
        for (const pair of ['l1_l2', 'l2_l3', 'l3_l1']) expect(Math.abs(shown(moment, `voltage_${pair}`) - between)).toBeLessThan(46);
        expect(shown(moment, 'voltage_thd_l1')).toBeLessThan(8);
      }),
    );
  });

  test('a meter of one phase shows its one phase as the total', () => {
    fc.assert(
      fc.property(moments, ({ moment, phases }) => {
        fc.pre(phases === 1);
        expect(shown(moment, 'active_power_l1')).toBe(shown(moment, 'active_power_total'));
        expect(shown(moment, 'import_active_energy_l1')).toBe(shown(moment, 'import_active_energy_total'));
      }),
    );
  });

  test('the counter of the day begins at midnight UTC and is what the other one has risen since', () => {
    const physics = new MeterPhysics(restless(4), base, { phases: 1, seed: 'a' });
    const midnightMs = base.atMs + 2 * DAY_MS;
    const total = (ms: number) => shown(physics.at(ms), 'export_active_energy_total');
    expect(shown(physics.at(midnightMs), 'export_active_energy_today')).toBe(0);
    const noonMs = midnightMs + DAY_MS / 2;
    expect(shown(physics.at(noonMs), 'export_active_energy_today')).toBeCloseTo(total(noonMs) - total(midnightMs), 6);
  });

  test('a counter goes on from its base without a step', () => {
    const atMs = base.atMs + 3 * DAY_MS + 12_345;
    const physics = new MeterPhysics(restless(4), base, { phases: 3, seed: 'a' });
    const continued = new MeterPhysics(restless(4), physics.baseAt(atMs), { phases: 3, seed: 'a' });
    expect(continued.countedAt(atMs)).toEqual(physics.countedAt(atMs));
    const { importWh, exportWh, importVarh } = continued.countedAt(atMs + DAY_MS);
    const expected = physics.countedAt(atMs + DAY_MS);
    expect(importWh).toBeCloseTo(expected.importWh, 5);
    expect(exportWh).toBeCloseTo(expected.exportWh, 5);
    expect(importVarh).toBeCloseTo(expected.importVarh, 5);
  });
});
