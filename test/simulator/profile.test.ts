import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, QUARTER_MS } from '../../src/simulator/calendar.ts';
import { planDemo } from '../../src/simulator/demo-plan.ts';
import { PowerCurve } from '../../src/simulator/power-curve.ts';
import { makeProfile, type PartSpec, type ProfileSpec } from '../../src/simulator/profile.ts';
import { temperaments, type TemperamentName } from '../../src/simulator/temperaments.ts';

const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
const family: PartSpec = { kind: 'household', temperament: 'family', areaM2: 80, seed: 1 };
const pv: PartSpec = { kind: 'pv', peakKw: 10, tiltDeg: 30 };
const chp: PartSpec = { kind: 'chp', electricKw: 5.5, seed: 2 };
const common: PartSpec = { kind: 'common', seed: 3 };

function curveOf(spec: ProfileSpec): PowerCurve {
  return new PowerCurve(makeProfile(spec, site));
}

/** Mean power at that UTC hour over the days of a month. */
function meanW(curve: PowerCurve, year: number, month: number, utcHour: number): number {
  const watts = Array.from({ length: 28 }, (_, day) => curve.powerW(Date.UTC(year, month - 1, day + 1, utcHour)));
  return watts.reduce((sum, value) => sum + value, 0) / watts.length;
}

describe('profiles', () => {
  test('the sun of a summer noon gives more than that of a winter noon, and none at night', () => {
    const curve = curveOf(pv);
    expect(meanW(curve, 2026, 6, 11)).toBeLessThan(-3_000);
    expect(meanW(curve, 2026, 6, 11)).toBeLessThan(2 * meanW(curve, 2026, 12, 11));
    expect(meanW(curve, 2026, 12, 11)).toBeLessThan(-300);
    expect(meanW(curve, 2026, 6, 23)).toBeGreaterThan(0);
    const year = curve.energyWh(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
    // What a south roof in Berlin brings.
    expect(year.exportWh / 10_000).toBeGreaterThan(850);
    expect(year.exportWh / 10_000).toBeLessThan(1_150);
  });

  test('the sun follows the place: on the southern half June is winter', () => {
    const sydney = new PowerCurve(makeProfile(pv, { zone: 'Australia/Sydney', latitudeDeg: -33.9, longitudeDeg: 151.2, seed: 7 }));
    expect(meanW(sydney, 2026, 6, 14)).toBeGreaterThan(0);
    expect(meanW(sydney, 2026, 12, 2)).toBeLessThan(meanW(sydney, 2026, 6, 2));
  });

  test('the heat-led plant runs in winter and rests in summer', () => {
    const curve = curveOf(chp);
    const january = curve.energyWh(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 31)).exportWh;
    const july = curve.energyWh(Date.UTC(2026, 6, 1), Date.UTC(2026, 6, 31)).exportWh;
    expect(january).toBeGreaterThan(4 * july);
    expect(july).toBeGreaterThan(0);
  });

  test.each(Object.keys(temperaments) as TemperamentName[])('the %s takes what such a home takes in a year', (temperament) => {
    const { importWh, exportWh } = curveOf({ ...family, temperament }).energyWh(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
    expect(importWh).toBeGreaterThan(1_200_000);
    expect(importWh).toBeLessThan(temperament === 'studio' ? 16_000_000 : 5_500_000);
    expect(exportWh).toBe(0);
  });

  test('a household keeps its own clock when the clocks change', () => {
    const evening = (month: number, utcHour: number) => meanW(curveOf(family), 2026, month, utcHour);
    // Seven in the evening and four in the night by its own clock, before and after the change of March.
    expect(evening(3, 18)).toBeGreaterThan(1.5 * evening(3, 3));
    expect(evening(4, 17)).toBeGreaterThan(1.5 * evening(4, 2));
    const curve = curveOf(family);
    for (const change of [Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25)]) {
      const quarters = Array.from(
        { length: 96 },
        (_, index) => curve.energyWh(change + index * QUARTER_MS, change + (index + 1) * QUARTER_MS).importWh,
      );
      expect(quarters.every((wh) => wh > 0 && wh < 2_500)).toBe(true);
      expect(quarters.reduce((sum, wh) => sum + wh, 0)).toBeCloseTo(curve.energyWh(change, change + DAY_MS).importWh, 6);
    }
  });

  test('the same seed is the same house, another seed another one', () => {
    const at = Date.UTC(2026, 4, 5, 17, 3);
    expect(curveOf(family).powerW(at)).toBe(curveOf(family).powerW(at));
    const others = Array.from({ length: 5 }, (_, index) => curveOf({ ...family, seed: 100 + index }).energyWh(at, at + DAY_MS).importWh);
    expect(new Set(others).size).toBe(5);
  });

  test('the main meter balances the house at every moment', () => {
    const parts = [family, { ...family, temperament: 'retired' as const, seed: 9 }, common, pv, chp];
    const grid = curveOf({ kind: 'grid', parts });
    const curves = parts.map(curveOf);
    for (let at = Date.UTC(2026, 4, 5); at < Date.UTC(2026, 4, 7); at += 37 * 60_000 + 11) {
      expect(grid.powerW(at)).toBeCloseTo(
        curves.reduce((sum, curve) => sum + curve.powerW(at), 0),
        6,
      );
      const house = curves.map((curve) => curve.energyWh(at, at + 5 * HOUR_MS));
      const net = grid.energyWh(at, at + 5 * HOUR_MS);
      expect(net.importWh - net.exportWh).toBeCloseTo(
        house.reduce((sum, energy) => sum + energy.importWh - energy.exportWh, 0),
        3,
      );
    }
  });

  test('serials, names, and units of a line are there once in the demo building', () => {
    const plan = planDemo(Date.UTC(2026, 10, 20, 12), 400);
    const meters = plan.flats.flatMap((flat) => flat.meters);
    const running = meters.filter((meter) => meter.toMs === null);
    expect(plan.flats.filter((flat) => flat.kind === 'consumer')).toHaveLength(24);
    expect(running).toHaveLength(28);
    expect(new Set(meters.map((meter) => meter.serial)).size).toBe(meters.length);
    expect(new Set(plan.flats.map((flat) => flat.name)).size).toBe(plan.flats.length);
    expect(new Set(running.map((meter) => `${meter.line} ${meter.unitId}`)).size).toBe(running.length);
  });

  test('40 days of quarter hours of a whole building are little work', () => {
    const startMs = Date.UTC(2025, 9, 16);
    const parts = Array.from({ length: 24 }, (_, index): PartSpec => ({ ...family, seed: index })).concat(common, pv, chp);
    const cpu = process.cpuUsage();
    for (const spec of [...parts, { kind: 'grid', parts } as const]) {
      const curve = curveOf(spec);
      for (let slot = 1; slot <= 3_840; slot += 1) curve.energyWh(startMs, startMs + slot * QUARTER_MS);
    }
    // Less than a second; on a busy machine the same work is longer. What grows with the square of the days is minutes.
    expect(process.cpuUsage(cpu).user / 1e6).toBeLessThan(10);
  });
});
