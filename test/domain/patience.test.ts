import { describe, expect, test } from 'vitest';
import { LinePatience } from '../../src/domain/patience.ts';

const SECOND = 1_000;
const ROUND = 900 * SECOND;
const failure = { reason: 'no-answer', detail: 'no answer within 1000 ms' };

/** The deadline of the nth round, five minutes after its slot. */
const deadline = (round: number) => round * ROUND + 300 * SECOND;

function fail(patience: LinePatience, unitId: number, round: number, startedMs = round * ROUND): void {
  const deadlineMs = deadline(round);
  expect(patience.leftOut(unitId, deadlineMs, startedMs)).toBeNull();
  patience.failed(unitId, failure, { startedMs, nowMs: startedMs + SECOND, deadlineMs, last: true });
}

function answer(patience: LinePatience, unitId: number, round: number): void {
  patience.leftOut(unitId, deadline(round), round * ROUND);
  patience.answered(unitId, round * ROUND);
}

/** Those who wait, in the order in which they are asked. */
function order(patience: LinePatience, units: number[]): number[] {
  return units.toSorted((a, b) => patience.compare({ unitId: a, again: false }, { unitId: b, again: false }));
}

describe('a meter', () => {
  test('that failed a round goes to the end of the next, with all its tries; one that failed three has one try', () => {
    const patience = new LinePatience();
    expect([patience.goesLast(7), patience.turns(7, 2)]).toEqual([false, 3]);
    fail(patience, 7, 1);
    expect([patience.goesLast(7), patience.turns(7, 2)]).toEqual([true, 3]);
    fail(patience, 7, 2);
    fail(patience, 7, 3);
    expect([patience.goesLast(7), patience.turns(7, 2)]).toEqual([true, 1]);
  });

  test('is well again with its first answer', () => {
    const patience = new LinePatience();
    for (const round of [1, 2, 3, 4]) fail(patience, 7, round);
    answer(patience, 7, 5);
    expect([patience.goesLast(7), patience.turns(7, 2), patience.failedRounds(7)]).toEqual([false, 3, 0]);
  });

  test('fails a round once, however often it was asked in it', () => {
    const patience = new LinePatience();
    for (const last of [false, false, true]) patience.failed(7, failure, { startedMs: 0, nowMs: SECOND, deadlineMs: deadline(0), last });
    expect(patience.failedRounds(7)).toBe(1);
  });

  test('that is sick comes after those that only stumbled, and whoever was not asked for the longest time first', () => {
    const patience = new LinePatience();
    for (const round of [1, 2, 3]) for (const unitId of [1, 2, 3]) fail(patience, unitId, round, round * ROUND + (4 - unitId) * SECOND);
    fail(patience, 9, 3);
    expect(order(patience, [1, 2, 3, 9])).toEqual([9, 3, 2, 1]);
  });
});

describe('a line', () => {
  test('on which one meter answers leaves none out', () => {
    const patience = new LinePatience();
    for (let round = 1; round < 10; round += 1) {
      answer(patience, 1, round);
      for (let unitId = 2; unitId < 200; unitId += 1) fail(patience, unitId, round);
    }
    expect(patience.silentSinceMs).toBeNull();
  });

  /** Which of its meters a silent line asks in a round; none answers. */
  function asked(patience: LinePatience, units: number[], round: number, deadlineMs = deadline(round)): number[] {
    let nowMs = round * ROUND;
    return order(patience, units).filter((unitId) => {
      const leftOut = patience.leftOut(unitId, deadlineMs, nowMs);
      if (leftOut !== null) return false;
      patience.failed(unitId, failure, { startedMs: nowMs, nowMs: nowMs + SECOND, deadlineMs, last: true });
      nowMs += SECOND;
      return true;
    });
  }

  const units = Array.from({ length: 100 }, (_, index) => index + 1);

  test('on which nobody answered for three rounds spends a tenth of the time on trying, each meter in its turn', () => {
    const patience = new LinePatience();
    for (const round of [1, 2, 3]) expect(asked(patience, units, round)).toEqual(units);
    // Five minutes to the deadline: thirty seconds, one second each.
    const tried = [4, 5, 6, 7].map((round) => asked(patience, units, round));
    expect(tried.map((round) => round.length)).toEqual([30, 30, 30, 30]);
    expect(tried.flat().slice(0, 100)).toEqual(units);
    expect(patience.silentSinceMs).toBe(ROUND);
  });

  test('asks one meter a round where there is no time for more', () => {
    const patience = new LinePatience();
    for (let round = 1; round <= 3; round += 1) asked(patience, units, round);
    const tried = [4, 5, 6].map((round) => asked(patience, units, round, round * ROUND + 5 * SECOND));
    expect(tried).toEqual([[1], [2], [3]]);
  });

  test('is asked whole as soon as one answers, in the same round', () => {
    const patience = new LinePatience();
    for (let round = 1; round <= 3; round += 1) asked(patience, units, round);
    expect(asked(patience, units, 4)).toHaveLength(30);
    expect(patience.leftOut(50, deadline(4), 4 * ROUND + 40 * SECOND)).toEqual({
      reason: 'no-answer',
      detail: 'not asked in this round, as nobody on the line answers; last: no answer within 1000 ms',
    });
    answer(patience, 31, 4);
    expect(patience.leftOut(50, deadline(4), 4 * ROUND + 40 * SECOND)).toBeNull();
    expect(patience.silentSinceMs).toBeNull();
  });
});
