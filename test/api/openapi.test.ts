import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { makeOpenApi } from '../../src/api/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';

const RULES = { 'parameter-description': 'error', 'tag-description': 'error', 'operation-4xx-problem-details-rfc7807': 'error' } as const;

test('the document has nothing for the linter to say, by its strict rules and some more', async () => {
  const document = makeOpenApi(ROUTES, '0.0.0-test');
  const config = await createConfig({ extends: ['recommended-strict'], rules: RULES });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config });
  const said = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`);
  expect(said).toEqual([]);
});
