import { expect, test } from 'vitest';
import { integratePower } from '../../../src/domain/integrate-power.ts';
import { settleSlots } from '../../../src/domain/settle.ts';

const QUARTER_MS = 15 * 60_000;
const START_MS = Date.UTC(2026, 5, 1, 10);
const samples = (powers: readonly number[], stepMs = QUARTER_MS) => powers.map((powerW, i) => ({ takenMs: START_MS + i * stepMs, powerW }));

test('power is energy along straight lines, by its sign', () => {
  const given = samples([1_000, 2_000, -2_000]);
  expect(integratePower(given, 'import').map(({ wh }) => wh)).toEqual([375, 125]);
  expect(integratePower(given, 'export').map(({ wh }) => wh)).toEqual([0, 125]);
});

test('readings beside the boundary are cut there', () => {
  const minutes = samples(Array(61).fill(600), 60_000).map(({ takenMs, powerW }) => ({ takenMs: takenMs + 20_000, powerW }));
  expect(
    integratePower(minutes, 'import')
      .slice(1, -1)
      .map(({ wh }) => wh),
  ).toEqual([150, 150, 150]);
});

test('over more than two quarter hours power says nothing', () => {
  const given = [
    ...samples([1_000, 1_000]),
    { takenMs: START_MS + 4 * QUARTER_MS, powerW: 1_000 },
    { takenMs: START_MS + 5 * QUARTER_MS, powerW: 1_000 },
  ];
  const flow = {
    fromMs: START_MS,
    toMs: Number.MAX_SAFE_INTEGER,
    segments: integratePower(given, 'import'),
    mostWh: () => 0,
    settledMs: 0,
    certainMs: null,
  };
  const slots = settleSlots([flow], { fromMs: START_MS, toMs: START_MS + 5 * QUARTER_MS }, () => null);
  expect(slots.map(({ wh, quality, method }) => `${wh} ${quality} ${method}`)).toEqual([
    '250 estimated integrated',
    ...Array(3).fill('null missing none'),
    '250 estimated integrated',
  ]);
});
