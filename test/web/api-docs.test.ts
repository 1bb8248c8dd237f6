import { expect, test } from 'vitest';
import { makeOpenApi } from '../../src/api/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { curlOf, exampleOf, fieldsOf, groupsOf, type ApiDocument } from '../../src/web/docs/document.ts';

const document = makeOpenApi(ROUTES, '0.0.0-test') as unknown as ApiDocument;
const all = groupsOf(document, '').flatMap(({ operations }) => operations);

test('the page shows every operation under its noun, and finds those that have all the words', () => {
  expect(all.map(({ operationId }) => operationId).toSorted()).toEqual(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
      .toSorted(),
  );
  const found = groupsOf(document, 'POST exchange').flatMap(({ operations }) => operations);
  expect(found.map(({ operationId }) => operationId)).toEqual(['exchangeMeter']);
  expect(groupsOf(document, 'exchange nothing-like-it')).toEqual([]);
});

test('each operation has a command that can be typed, without a placeholder left in its address', () => {
  for (const operation of all) {
    const command = curlOf(document, operation, 'https://wattbook.example');
    expect(command.split('\n')[0], operation.operationId).not.toMatch(/[{}]|undefined/);
    expect(command.includes('Authorization'), operation.operationId).toBe(operation.security?.length !== 0);
  }
});

test('an example and the fields of an answer name the parts within parts', () => {
  const schema = document.paths['/api/v1/meters/{meterId}']?.['get']?.responses['200']?.content?.['application/json']?.schema ?? {};
  expect(exampleOf(document, schema)).toMatchObject({ id: 1, serial: 'text', latest: { at: '2026-01-31T12:00:00+01:00' } });
  expect(fieldsOf(document, schema).map(({ name }) => name)).toEqual(expect.arrayContaining(['serial', 'latest.takenAt']));
});
