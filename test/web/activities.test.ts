import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activities } from '../../src/web/words/en/activities.ts';

/** What is done in no building: people, roles, tokens, models, settings of the house, queues. */
const OF_THE_HOUSE =
  /user$|role$|token$|model$|password|account|administrator|second-factor|recovery-code|session|keeping|old-data|byte-order|queue|delete-building|remove-demo/;

test('what can be done in a building has words', () => {
  const done = ['src/use-cases', 'src/admin/actions']
    .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')))
    .flatMap((text) => [...text.matchAll(/action: '([a-z]+-[a-z-]+|download)'/g)].map(([, action = '']) => action));
  expect(done.length).toBeGreaterThan(60);
  const without = done.filter((action) => !OF_THE_HOUSE.test(action) && !Object.hasOwn(activities.activities.actions, action));
  expect(without).toEqual([]);
});
