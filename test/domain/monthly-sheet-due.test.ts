import { describe, expect, test } from 'vitest';
import { sheetDue } from '../../src/domain/monthly-sheet-due.ts';

const at = (moment: string) => Date.parse(moment);
const HOUR_MS = 3_600_000;

describe.each([
  // [zone, the first of a month at 01:00 there, the month before]
  ['Europe/Berlin', '2026-03-31T23:00:00Z', '2026-03'],
  ['Asia/Kathmandu', '2026-01-31T19:15:00Z', '2026-01'],
  // Half an hour of summer time, which ends on the 5th of April.
  ['Australia/Lord_Howe', '2026-03-31T14:00:00Z', '2026-03'],
  ['Australia/Lord_Howe', '2026-04-30T14:30:00Z', '2026-04'],
  // The other side of the date line.
  ['Pacific/Apia', '2026-04-30T12:00:00Z', '2026-04'],
  ['Pacific/Pago_Pago', '2026-05-01T12:00:00Z', '2026-04'],
  ['America/St_Johns', '2027-01-01T04:30:00Z', '2026-12'],
])('%s at %s', (zone, moment, month) => {
  test('the sheet of the month before is due then, and not a moment earlier', () => {
    expect(sheetDue(at(moment), zone)).toEqual({ month, dueMs: at(moment), waitUntilMs: at(moment) + 48 * HOUR_MS });
    expect(sheetDue(at(moment) - 1, zone)).toBeNull();
  });

  test('for a week, and no longer', () => {
    expect(sheetDue(at(moment) + 7 * 24 * HOUR_MS - 1, zone)?.month).toBe(month);
    expect(sheetDue(at(moment) + 7 * 24 * HOUR_MS, zone)).toBeNull();
  });
});
