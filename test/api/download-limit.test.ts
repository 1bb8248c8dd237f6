import { expect, test } from 'vitest';
import { makeDownloadLimit } from '../../src/api/download-limit.ts';

test('so many downloads at a time; the next ones wait for their turn, and those that are too many are told', async () => {
  const limit = makeDownloadLimit({ atOnce: 1, waiting: 2 });
  let end = (): void => {};
  const held = limit.within(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  const gone = new AbortController();
  const left = limit.within(async () => 'left', gone.signal);
  const second = limit.within(async () => 'second');
  const busy = {
    status: 503,
    message: 'As many downloads as can be are running. Try again in a moment, or ask for it as a report.',
  };
  await expect(limit.within(async () => {})).rejects.toMatchObject(busy);
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  const third = limit.within(async () => 'third');
  end();
  await held;
  expect(await Promise.all([second, third])).toEqual(['second', 'third']);
  expect(await limit.within(async () => 'free again')).toBe('free again');

  const impatient = makeDownloadLimit({ atOnce: 1, waitMs: 1 });
  const long = impatient.within(() => new Promise<void>((resolve) => (end = resolve)));
  await expect(impatient.within(async () => {})).rejects.toMatchObject(busy);
  end();
  await long;
});
