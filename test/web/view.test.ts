import { describe, expect, test } from 'vitest';
import { bucketOf, daysBefore, daysOf, ghostDays, type Range } from '../../src/web/data/range.ts';
import { queryOf, viewIn } from '../../src/web/data/view.ts';

const ZONE = 'Europe/Berlin';
/** Already the 1st of July in Berlin. */
const NOW = Date.UTC(2026, 5, 30, 22, 30);

describe('a range', () => {
  const own = (firstDay: string, lastDay: string): Range => ({ kind: 'own', firstDay, lastDay });

  test.each([
    [{ kind: 'today' }, '2026-07-01', '2026-07-02', 'quarter', 1],
    [{ kind: 'yesterday' }, '2026-06-30', '2026-07-01', 'quarter', 1],
    [{ kind: 'week' }, '2026-06-25', '2026-07-02', 'hour', 7],
    [{ kind: 'month' }, '2026-07-01', '2026-07-02', 'quarter', 1],
    [own('2026-06-01', '2026-06-02'), '2026-06-01', '2026-06-03', 'quarter', null],
    [own('2026-05-01', '2026-07-01'), '2026-05-01', '2026-07-02', 'hour', null],
    [own('2026-05-01', '2026-07-02'), '2026-05-01', '2026-07-03', 'day', null],
  ] as const)('%j is %s to before %s by the %s', (range, firstDay, endDay, bucket, ghost) => {
    const days = daysOf(range, ZONE, NOW);
    expect(days).toEqual({ firstDay, endDay });
    expect(bucketOf(days)).toBe(bucket);
    expect(ghostDays(days)).toBe(ghost);
  });

  test('is compared with the days right before it', () => {
    expect(daysBefore({ firstDay: '2026-06-25', endDay: '2026-07-02' }, 7)).toEqual({ firstDay: '2026-06-18', endDay: '2026-06-25' });
  });
});

describe('an address', () => {
  const view = (query: string) => viewIn(new URLSearchParams(query));

  test.each(['', '?building=3', '?range=week&ghost=1', '?building=3&range=own&from=2026-06-01&to=2026-06-10&zoom=1781784000-1781791200'])(
    '%j is read and written the same',
    (query) => expect(queryOf(view(query))).toBe(query),
  );

  test.each([
    '?range=century',
    '?building=-1',
    '?range=own&from=2026-02-30&to=2026-03-01',
    '?range=own&from=2026-03-02&to=2026-03-01',
    '?range=own&from=0001-01-01&to=2026-03-01',
    '?zoom=9-1',
    '?zoom=today',
  ])('%j means nothing, so today is shown', (query) => expect(queryOf(view(query))).toBe(''));
});
