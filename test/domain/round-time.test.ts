import { expect, test } from 'vitest';
import { overload } from '../../src/domain/overload.ts';
import { arithmetic, occupancyOf, requestMs, roundsOf, strainOf, type RoundMeter } from '../../src/domain/round-time.ts';
import { parseCadence, type Cadence } from '../../src/domain/slot.ts';

const bus = { transport: 'rtu', serialPath: '/dev/ttyUSB0', baudRate: 9_600, parity: 'none', stopBits: 1 } as const;
const network = { transport: 'tcp', host: 'gateway', port: 502 } as const;

function cadence(pattern: string): Cadence {
  const parsed = parseCadence(pattern);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.cadence;
}

const block = (count: number) => ({ function: 4, address: 0, count }) as const;

function meters(count: number, pattern: string, counts = [22, 22, 22], latencyMs: number | null = null): RoundMeter[] {
  return Array.from({ length: count }, () => ({ blocks: counts.map(block), latencyMs, cadence: cadence(pattern) }));
}

test('a request takes the time of its bytes on the bus, two silences and the time of the meter', () => {
  // 8 bytes there, 5 and 44 back, of 10 bits each at 9,600 baud; twice 3.5 characters; 20 ms.
  expect(requestMs(bus, block(22))).toBeCloseTo(57 * (10 / 9.6) + 2 * (35 / 9.6) + 20, 6);
  expect(requestMs({ ...bus, parity: 'even', baudRate: 38_400 }, block(22))).toBeCloseTo(57 * (11 / 38.4) + 2 * 1.75 + 20, 6);
  expect(requestMs({ ...network, transport: 'rtu_over_tcp' }, block(22))).toBe(requestMs(bus, block(22)));
  expect(requestMs(bus, { function: 1, address: 0, count: 9 })).toBeCloseTo(15 * (10 / 9.6) + 2 * (35 / 9.6) + 20, 6);
});

test('the pause counts where it is longer than the silence of a frame', () => {
  const ms = (pauseMs: number) => roundsOf({ place: bus, timeoutMs: 1_000, pauseMs }, meters(10, '15m', [22]), 0)[0]?.ms ?? 0;
  expect(ms(3) - ms(0)).toBe(0);
  expect(ms(50) - ms(0)).toBeCloseTo(10 * (50 - 35 / 9.6), 6);
});

test('what was measured counts more than what is assumed', () => {
  const line = { place: network, timeoutMs: 1_000, pauseMs: 10 };
  expect(roundsOf(line, meters(4, '1m', [10, 10]), 0)[0]?.ms).toBe(4 * 2 * (15 + 10));
  expect(roundsOf(line, meters(4, '1m', [10, 10], 300), 0)[0]?.ms).toBe(4 * (300 + 10));
});

test('thirty meters in five seconds are refused with the arithmetic', () => {
  const rounds = roundsOf({ place: bus, timeoutMs: 1_000, pauseMs: 0 }, meters(30, '5s'), 0);
  expect(rounds).toHaveLength(1);
  expect(overload(rounds)?.in('en')).toBe(
    '30 meters x 3 requests x 90 ms = 8.1 s, but the cadence of 5.0 s leaves 2.5 s for a round: read less often, or put some meters on another line',
  );
  expect(overload(rounds)?.in('de')).toMatch(
    /^30 Zähler x 3 Anfragen x 90 ms = 8,1 s, doch der Takt von 5,0 s lässt einer Runde nur 2,5 s:/,
  );
  expect(overload(rounds)?.in('it')).toMatch(
    /^30 contatori x 3 richieste x 90 ms = 8,1 s, ma il ritmo di 5,0 s lascia a un giro solo 2,5 s:/,
  );
  expect(strainOf(rounds)).toBeGreaterThan(3);
  expect(overload(roundsOf({ place: bus, timeoutMs: 1_000, pauseMs: 0 }, meters(30, '1m'), 0))).toBeNull();
});

test('each cadence keeps its time, and yet all of them together may be too much', () => {
  const both = [...meters(22, '1m', [120, 120]), ...meters(22, '70s', [120, 120]), ...meters(22, '80s', [120, 120])];
  const rounds = roundsOf({ place: { ...bus, baudRate: 4_800 }, timeoutMs: 1_000, pauseMs: 0 }, both, 0);
  expect(rounds.map(({ pattern, meters: count }) => `${count} every ${pattern}`)).toEqual(['22 every 1m', '22 every 70s', '22 every 80s']);
  expect(rounds.every(({ ms, deadlineMs }) => ms <= deadlineMs)).toBe(true);
  expect(occupancyOf(rounds)).toBeGreaterThan(1);
  expect(overload(rounds)?.in('en')).toMatch(/^all its rounds together would take 1[0-3]\d % of the time there is: read less often/);
});

test('of an uneven cadence the shortest time between two slots counts', () => {
  const [round] = roundsOf({ place: network, timeoutMs: 1_000, pauseMs: 0 }, meters(1, '0,1,30 * * * *', [2]), 0);
  expect(round).toMatchObject({ periodMs: 60_000, deadlineMs: 30_000 });
});

test('a line without meters has no rounds and no strain; one meter is not several', () => {
  expect(strainOf(roundsOf({ place: network, timeoutMs: 1_000, pauseMs: 0 }, [], 0))).toBe(0);
  const [round] = roundsOf({ place: network, timeoutMs: 1_000, pauseMs: 0 }, meters(1, '1m', [2]), 0);
  expect(round && arithmetic(round)).toBe('1 meter x 1 request x 15 ms = 0.0 s');
});
