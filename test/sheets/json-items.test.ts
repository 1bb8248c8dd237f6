import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonItems, type JsonItem } from '../../src/sheets/json-items.ts';
import { importFile } from '../support/import-files.ts';

async function itemsOf(text: string, piece: number): Promise<JsonItem[]> {
  const items: JsonItem[] = [];
  for await (const some of jsonItems(importFile(text, 'x', piece).open())) items.push(...some);
  return items;
}

test('any list of values comes back one by one, wherever the pieces of the file end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (list, piece, spaced) => {
        const items = await itemsOf(JSON.stringify(list, null, spaced ? 2 : 0), piece);
        // -0 has no text of its own.
        expect(items.map((item) => item.ok && item.value)).toEqual(JSON.parse(JSON.stringify(list)));
      },
    ),
    { numRuns: 300 },
  );
});

test('a broken item is named, and those after it are read', async () => {
  const items = await itemsOf('[{"a": 1}, {"a": nope}, {"a": "]}, \\"{"}]', 5);
  expect(items).toMatchObject([{ ok: true }, { index: 1, ok: false }, { index: 2, ok: true, value: { a: ']}, "{' } }]);
});

test('an item without an end is not read for ever', async () => {
  await expect(itemsOf(`[{"a": "${'x'.repeat(1_200_000)}`, 65_536)).rejects.toThrow('Object 1 of the file is longer than a megabyte');
});
