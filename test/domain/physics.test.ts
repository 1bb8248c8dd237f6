import { describe, expect, test } from 'vitest';
import { checkPhysics, type Law, type Read, type Shown } from '../../src/domain/physics.ts';

const house: Shown = {
  voltage_l1: 231.2,
  voltage_l2: 229.8,
  voltage_l3: 230.4,
  current_l1: 4,
  current_l2: 2,
  current_l3: 1,
  power_factor_l1: 0.95,
  power_factor_l2: 0.9,
  power_factor_l3: -0.99,
  active_power_l1: 878.6,
  active_power_l2: 413.6,
  active_power_l3: -228.1,
  active_power_total: 1064.1,
  frequency: 50.01,
  import_active_energy_total: 1_234_567,
};
const read = (values: Shown, atMs = 0): Read => ({ atMs, values });
const broken = (values: Shown): Law[] => [
  ...new Set(checkPhysics([read(values)], { pt: 1 }).flatMap(({ law, holds }) => (holds ? [] : [law]))),
];

describe('the laws', () => {
  test('hold in a house, one phase of which gives back', () => {
    expect(broken(house)).toEqual([]);
    const laws = new Set(checkPhysics([read(house)], { pt: 1 }).map(({ law }) => law));
    expect([...laws].toSorted()).toEqual(['frequency', 'phases', 'power', 'power-factor', 'size', 'voltage']);
  });

  test.each([
    ['voltage', { voltage_l1: 23.1 }],
    ['frequency', { frequency: 5.001 }],
    ['power-factor', { power_factor_l3: 95 }],
    ['power', { current_l1: 0.4 }],
    ['phases', { active_power_total: 10_641 }],
    ['size', { import_active_energy_total: -3 }],
  ] as const)('%s is broken by one value that is wrong', (law, wrong) => {
    expect(broken({ ...house, ...wrong })).toContain(law);
  });

  test('say nothing about a phase without voltage and a load that is switched off', () => {
    const off = { voltage_l1: 230, voltage_l2: 0, voltage_l3: 0, current_l1: 0, active_power_l1: 0, active_power_total: 0, frequency: 50 };
    expect(checkPhysics([read(off)], { pt: 1 }).map(({ law }) => law)).toEqual(['voltage', 'frequency']);
    expect(checkPhysics([read({ voltage_l1: 0, frequency: 0 })], { pt: 1 })).toEqual([]);
  });

  test('a medium voltage is one behind a transformer', () => {
    const [measured] = checkPhysics([read({ voltage_l1: 11_500 })], { pt: 100 });
    expect(measured).toMatchObject({ law: 'voltage', holds: true });
    expect(broken({ voltage_l1: 11_500 })).toEqual(['voltage']);
  });
});

describe('a counter', () => {
  const counters = (importWh: number, laterWh: number) =>
    checkPhysics(
      [
        read({ active_power_total: 4_000, import_active_energy_total: importWh }),
        read({ active_power_total: 4_000, import_active_energy_total: laterWh }, 900_000),
      ],
      { pt: 1 },
    ).filter(({ law }) => law === 'counter');

  test('rises by the power times the time', () => {
    expect(counters(10_000, 11_000)).toMatchObject([{ holds: true, weight: 3 }]);
    expect(counters(10_000, 10_100)).toMatchObject([{ holds: true, weight: 1 }]);
  });

  test('does not fall, and does not leap', () => {
    expect(counters(10_000, 9_999)).toMatchObject([{ holds: false }]);
    expect(counters(10_000, 500_000)).toMatchObject([{ holds: false }]);
  });

  test('that stands still tells nothing', () => expect(counters(10_000, 10_000)).toEqual([]));
});
