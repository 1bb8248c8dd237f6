import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY } from '../../src/simulator/calendar.ts';
import { chance } from '../../src/simulator/noise.ts';
import { PowerCurve, type Profile } from '../../src/simulator/power-curve.ts';

/** Swings between feeding in and taking out from node to node. */
function restless(seed: number): Profile {
  return { dayNodesW: (day) => Float64Array.from({ length: NODES_A_DAY }, (_, node) => 4_000 * chance(seed, day, node) - 2_000) };
}

const moment = fc.integer({ min: 20_000 * DAY_MS, max: 20_003 * DAY_MS });

/** Simpson on pieces that end at every node and at every change of sign is exact for straight lines. */
function integrate(curve: PowerCurve, fromMs: number, toMs: number): { importWh: number; exportWh: number } {
  let importWh = 0;
  let exportWh = 0;
  for (let at = fromMs; at < toMs;) {
    const end = Math.min(toMs, Math.floor(at / NODE_MS) * NODE_MS + NODE_MS);
    const pieces = 200;
    for (let piece = 0; piece < pieces; piece += 1) {
      const watts = curve.powerW(at + ((piece + 0.5) / pieces) * (end - at));
      const hours = (end - at) / pieces / HOUR_MS;
      if (watts > 0) importWh += watts * hours;
      else exportWh -= watts * hours;
    }
    at = end;
  }
  return { importWh, exportWh };
}

describe('a power curve', () => {
  test('the integral of the power is the difference of the counters, in both directions', () => {
    fc.assert(
      fc.property(fc.integer(), moment, fc.integer({ min: 1, max: 6 * HOUR_MS }), (seed, fromMs, spanMs) => {
        const curve = new PowerCurve(restless(seed));
        const counted = curve.energyWh(fromMs, fromMs + spanMs);
        const summed = integrate(curve, fromMs, fromMs + spanMs);
        expect(counted.importWh).toBeCloseTo(summed.importWh, 1);
        expect(counted.exportWh).toBeCloseTo(summed.exportWh, 1);
        expect(counted.importWh - counted.exportWh).toBeCloseTo(summed.importWh - summed.exportWh, 3);
      }),
      { numRuns: 40 },
    );
  });

  test('counters never fall and telescope, in whatever order they are asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(moment, { minLength: 3, maxLength: 3 }), fc.boolean(), (seed, moments, backwards) => {
        const [a, b, c] = moments.toSorted((x, y) => x - y) as [number, number, number];
        const curve = new PowerCurve(restless(seed));
        if (backwards) curve.energyWh(c, c + 1);
        const whole = curve.energyWh(a, c);
        const first = curve.energyWh(a, b);
        const second = curve.energyWh(b, c);
        expect(first.importWh).toBeGreaterThanOrEqual(0);
        expect(second.exportWh).toBeGreaterThanOrEqual(0);
        expect(first.exportWh).toBeGreaterThanOrEqual(0);
        expect(second.importWh).toBeGreaterThanOrEqual(0);
        expect(first.importWh + second.importWh).toBe(whole.importWh);
        expect(first.exportWh + second.exportWh).toBe(whole.exportWh);
      }),
      { examples: [[-929_211_200, [1_728_259_200_000, 1_728_000_000_000, 1_728_259_060_110], false]] },
    );
  });

  test('a counter never falls from one millisecond to the next, also where the power fades to nothing', () => {
    fc.assert(
      fc.property(fc.integer(), moment, (seed, fromMs) => {
        const curve = new PowerCurve(restless(seed));
        let last = curve.energyWh(fromMs - HOUR_MS, fromMs);
        for (let ms = fromMs + 1; ms < fromMs + 2_000; ms += 1) {
          const now = curve.energyWh(fromMs - HOUR_MS, ms);
          if (now.importWh < last.importWh || now.exportWh < last.exportWh) throw new Error(`falls at ${ms}`);
          last = now;
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a counter stands still to the last bit while the power flows the other way', () => {
    const curve = new PowerCurve({
      dayNodesW: () => Float64Array.from({ length: NODES_A_DAY }, (_, node) => (node % 2 === 0 ? 1_234.567 : -891.3)),
    });
    const fromMs = 20_000 * DAY_MS;
    for (let node = 0; node < 40; node += 2) {
      const crossingMs = fromMs + (node + 1_234.567 / (1_234.567 + 891.3)) * NODE_MS;
      const still = curve.energyWh(fromMs, Math.ceil(crossingMs)).importWh;
      for (let ms = Math.ceil(crossingMs); ms < fromMs + (node + 1) * NODE_MS; ms += 7_001) {
        expect(curve.energyWh(fromMs, ms).importWh).toBe(still);
      }
      expect(curve.energyWh(fromMs, fromMs + (node + 1) * NODE_MS).importWh).toBe(still);
    }
  });

  test('the peak is the highest quarter hour so far', () => {
    const curve = new PowerCurve(restless(1));
    const fromMs = 20_000 * DAY_MS;
    const quarters = Array.from({ length: 96 }, (_, quarter) => {
      const atMs = fromMs + quarter * 900_000;
      return curve.energyWh(atMs, atMs + 900_000).importWh * 4;
    });
    expect(curve.peakW(fromMs, fromMs + DAY_MS)).toBeCloseTo(Math.max(...quarters), 6);
    expect(curve.peakW(fromMs, fromMs + HOUR_MS)).toBeCloseTo(Math.max(...quarters.slice(0, 4)), 6);
  });
});
