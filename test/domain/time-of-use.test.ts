import { expect, test } from 'vitest';
import { bandAt, italianBand, parseClock, type Band } from '../../src/domain/time-of-use.ts';
import { localTime } from '../../src/domain/time-bucket.ts';

const at = (text: string) => localTime(Date.parse(text), 'Europe/Rome');

test.each([
  ['2026-03-03T08:00:00+01:00', 'F1'],
  ['2026-03-03T18:45:00+01:00', 'F1'],
  ['2026-03-03T07:45:00+01:00', 'F2'],
  ['2026-03-03T19:00:00+01:00', 'F2'],
  ['2026-03-03T22:45:00+01:00', 'F2'],
  ['2026-03-03T23:00:00+01:00', 'F3'],
  ['2026-03-03T06:45:00+01:00', 'F3'],
  ['2026-03-07T07:00:00+01:00', 'F2'],
  ['2026-03-07T12:00:00+01:00', 'F2'],
  ['2026-03-08T12:00:00+01:00', 'F3'],
  ['2026-12-08T12:00:00+01:00', 'F3'],
  // Easter Monday of three years.
  ['2025-04-21T12:00:00+02:00', 'F3'],
  ['2026-04-06T12:00:00+02:00', 'F3'],
  ['2027-03-29T12:00:00+02:00', 'F3'],
  ['2026-04-07T12:00:00+02:00', 'F1'],
])('in Italy %s is in %s', (time, band) => {
  expect(italianBand(at(time))).toBe(band);
});

const night: Band = { name: 'night', weekdays: [1, 2, 3, 4, 5], fromMinute: 22 * 60, toMinute: 6 * 60 };
const saturday: Band = { name: 'weekend', weekdays: [6, 7], fromMinute: 0, toMinute: 1440 };

test.each([
  ['2026-03-03T22:00:00+01:00', 'night'],
  ['2026-03-03T05:45:00+01:00', 'night'],
  ['2026-03-03T06:00:00+01:00', null],
  ['2026-03-03T21:45:00+01:00', null],
  // Saturday morning is no longer the night of Friday.
  ['2026-03-07T01:00:00+01:00', 'weekend'],
  // Monday morning is the night of Monday.
  ['2026-03-02T01:00:00+01:00', 'night'],
])('at %s holds %s', (time, band) => {
  expect(bandAt([night, saturday], at(time))).toBe(band);
});

test('the first band that holds wins', () => {
  const all: Band = { name: 'all', weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1440 };
  expect(bandAt([night, all], at('2026-03-03T23:00:00+01:00'))).toBe('night');
  expect(bandAt([all, night], at('2026-03-03T23:00:00+01:00'))).toBe('all');
});

test.each([
  ['00:00', 0],
  ['23:59', 1439],
  ['24:00', 1440],
  ['24:01', null],
  ['7:00', null],
  ['12:60', null],
])('the clock time %s', (text, minute) => {
  expect(parseClock(text)).toBe(minute);
});
