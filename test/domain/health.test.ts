import { describe, expect, test } from 'vitest';
import { LineRecord } from '../../src/domain/line-health.ts';
import { MeterRecord } from '../../src/domain/meter-health.ts';
import { percentile } from '../../src/domain/percentile.ts';

test('a percentile is one of the values, by the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95), percentile([], 0.5)]).toEqual([50, 95, 7, null]);
});

describe('the record of a meter', () => {
  test('knows nothing before the first slot', () => {
    expect(new MeterRecord().health()).toEqual({
      lastAnswerMs: null,
      lastFailure: null,
      slots: 0,
      answered: 0,
      latencyMedianMs: null,
      latencyP95Ms: null,
      failedRounds: 0,
    });
  });

  test('counts the last hundred slots, and the time of those that were answered', () => {
    const record = new MeterRecord();
    for (let slot = 0; slot < 150; slot += 1) record.add({ ok: true, latencyMs: 1_000 }, slot);
    for (let slot = 150; slot < 200; slot += 1) record.add({ ok: true, latencyMs: slot - 149 }, slot);
    for (let slot = 200; slot < 240; slot += 1) record.add({ ok: true, latencyMs: 60 }, slot);
    for (let slot = 240; slot < 250; slot += 1) record.add({ ok: false, reason: 'no-answer', detail: 'no answer within 1 s' }, slot);
    expect(record.health()).toEqual({
      lastAnswerMs: 239,
      lastFailure: { atMs: 249, reason: 'no-answer', detail: 'no answer within 1 s' },
      slots: 100,
      answered: 90,
      latencyMedianMs: 45,
      latencyP95Ms: 60,
      failedRounds: 10,
    });
    record.add({ ok: true, latencyMs: 5 }, 250);
    expect(record.health()).toMatchObject({ failedRounds: 0, lastFailure: { atMs: 249 } });
  });
});

describe('the record of a line', () => {
  const MINUTE = 60_000;

  test('occupancy is the share of the last hour in which a request was on its way', () => {
    const record = new LineRecord(0);
    record.busy(0, 15_000);
    expect(record.health(MINUTE, null).occupancy).toBe(0.25);
    for (let minute = 1; minute < 120; minute += 1) record.busy(minute * MINUTE, minute * MINUTE + 30_000);
    expect(record.health(120 * MINUTE - 1, null).occupancy).toBeCloseTo(0.5, 3);
    expect(record.health(300 * MINUTE, null).occupancy).toBe(0);
  });

  test('a round goes from the first request to the last answer, however its readings come', () => {
    const record = new LineRecord(0);
    expect(record.health(0, null).lastRound).toBeNull();
    record.read({ deadlineMs: 100, startedMs: 10, endedMs: 20, answered: true });
    record.read({ deadlineMs: 100, startedMs: 20, endedMs: 35, answered: false });
    expect(record.health(40, null).lastRound).toEqual({ startedMs: 10, tookMs: 25, meters: 2, answered: 1 });
    record.read({ deadlineMs: 200, startedMs: 110, endedMs: 111, answered: true });
    expect(record.health(120, null).lastRound).toEqual({ startedMs: 110, tookMs: 1, meters: 1, answered: 1 });
  });

  test('a connection is up or down since its last change, whatever the reason says meanwhile', () => {
    const record = new LineRecord(0);
    expect(record.health(0, null).connection).toBeNull();
    record.connected(false, 5, 'refused');
    record.connected(false, 9, 'no route');
    expect(record.health(10, null).connection).toEqual({ up: false, sinceMs: 5, detail: 'no route' });
    record.connected(true, 12);
    record.connected(true, 15);
    expect(record.health(20, 3)).toMatchObject({ connection: { up: true, sinceMs: 12, detail: '' }, silentSinceMs: 3 });
  });
});
