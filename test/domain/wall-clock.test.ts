import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeWallClock, parseWallTime } from '../../src/domain/wall-clock.ts';

const BERLIN = 'Europe/Berlin';
const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;

function wall(text: string): number {
  const parsed = parseWallTime(text);
  if (parsed === null) throw new Error(`${text} is no time`);
  return parsed.localMs;
}

function instants(zone: string, meter: string, texts: readonly string[], clock = makeWallClock(zone)): (string | false)[] {
  return texts.map((text) => {
    const instant = clock(meter, wall(text));
    return instant.ok && new Date(instant.ms).toISOString();
  });
}

test('a time is what its text says, with its offset where it has one', () => {
  expect(parseWallTime('2026-01-31T12:00:00+01:00')).toEqual({ localMs: Date.UTC(2026, 0, 31, 12), offsetMs: HOUR_MS });
  expect(parseWallTime('2026-01-31 12:00')).toEqual({ localMs: Date.UTC(2026, 0, 31, 12), offsetMs: null });
  expect(parseWallTime('2017-02-01T00:15:30.5Z')).toEqual({ localMs: Date.UTC(2017, 1, 1, 0, 15, 30, 500), offsetMs: 0 });
  expect(parseWallTime('2017-02-01T00:15:00-0330')?.offsetMs).toBe(-3.5 * HOUR_MS);
});

test('what no calendar and no clock has is no time', () => {
  for (const text of [
    '2026-02-30 12:00',
    '2026-13-01 12:00',
    '2026-01-31 24:00',
    '2026-01-31 12:60',
    '31.01.2026',
    '12:00',
    '2026-01-31',
    '',
  ]) {
    expect(parseWallTime(text), text).toBeNull();
  }
});

test('the second of the two hours in autumn begins where the clock steps back', () => {
  expect(
    instants(BERLIN, 'a', ['2017-10-29 02:00', '2017-10-29 02:45', '2017-10-29 02:15', '2017-10-29 02:30', '2017-10-29 03:00']),
  ).toEqual([
    '2017-10-29T00:00:00.000Z',
    '2017-10-29T00:45:00.000Z',
    '2017-10-29T01:15:00.000Z',
    '2017-10-29T01:30:00.000Z',
    '2017-10-29T02:00:00.000Z',
  ]);
});

test('in a file sorted by the clock the second of two equal times is the later one', () => {
  expect(instants(BERLIN, 'a', ['2017-10-29 02:00', '2017-10-29 02:00', '2017-10-29 02:15', '2017-10-29 02:15'])).toEqual([
    '2017-10-29T00:00:00.000Z',
    '2017-10-29T01:00:00.000Z',
    '2017-10-29T00:15:00.000Z',
    '2017-10-29T01:15:00.000Z',
  ]);
});

test('each meter has its own autumn, and each year', () => {
  const clock = makeWallClock(BERLIN);
  expect(instants(BERLIN, 'a', ['2017-10-29 02:30', '2017-10-29 02:00'], clock)[1]).toBe('2017-10-29T01:00:00.000Z');
  expect(instants(BERLIN, 'b', ['2017-10-29 02:00'], clock)).toEqual(['2017-10-29T00:00:00.000Z']);
  expect(instants(BERLIN, 'a', ['2018-10-28 02:00'], clock)).toEqual(['2018-10-28T00:00:00.000Z']);
});

test('a time in the hour that is not in spring is refused, and says what to do', () => {
  const clock = makeWallClock(BERLIN);
  const instant = clock('a', wall('2017-03-26 02:15'));
  expect(instant).toMatchObject({ ok: false, problem: expect.stringContaining('2017-03-26 02:15 is not a time in Europe/Berlin') });
  expect(instants('Etc/GMT-1', 'a', ['2017-03-26 02:15'])).toEqual(['2017-03-26T01:15:00.000Z']);
});

test('half an hour twice on Lord Howe is half an hour twice', () => {
  expect(instants('Australia/Lord_Howe', 'a', ['2017-04-02 01:15', '2017-04-02 01:30', '2017-04-02 01:45', '2017-04-02 01:30'])).toEqual([
    '2017-04-01T14:15:00.000Z',
    '2017-04-01T14:30:00.000Z',
    '2017-04-01T14:45:00.000Z',
    '2017-04-01T15:00:00.000Z',
  ]);
});

test('every quarter hour read in its order comes back as itself, in any zone', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/New_York', 'Africa/Casablanca'];
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 365 * 20 }), (zone, day) => {
      const clock = makeWallClock(zone);
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      const startMs = Date.UTC(2006, 0, 1 + day);
      for (let ms = startMs; ms < startMs + 24 * HOUR_MS; ms += QUARTER_MS) {
        expect(clock('a', wall(format.format(ms)))).toEqual({ ok: true, ms });
      }
    }),
    { numRuns: 60 },
  );
  const whole = makeWallClock(BERLIN);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: BERLIN, dateStyle: 'short', timeStyle: 'medium' });
  for (let ms = Date.UTC(2017, 9, 28); ms < Date.UTC(2017, 9, 30); ms += QUARTER_MS) {
    expect(whole('a', wall(format.format(ms)))).toEqual({ ok: true, ms });
  }
});
