import { resolve, type ApiDocument, type Operation, type Schema } from './operations.ts';
import type { Given } from './hostile-input.ts';
import type { Population } from './population.ts';
import type { Random } from './random.ts';

const TEXTS = ['x', 'Fuzzed', 'fuzz@example.org', '2026-01-31', '2026-01-31T12:00:00+01:00', '12.34', 'import', 'Europe/Berlin', 'fuzz-0'];
const DEEPEST = 4;

/** Something that the schema allows, as far as the schema says. */
function sampleOf(
  document: ApiDocument,
  given: Schema,
  name: string,
  { ids }: Pick<Population, 'ids'>,
  random: Random,
  depth = 0,
): unknown {
  const schema = resolve(document, given);
  const known = ids[name];
  if (known !== undefined) return random.one(known);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return random.one(schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return sampleOf(document, random.one(alternatives), name, { ids }, random, depth + 1);
  const type = Array.isArray(schema.type) ? random.one(schema.type) : schema.type;
  if (type === 'integer') return 1 + random.below(30);
  if (type === 'number') return random.below(1_000) / 8;
  if (type === 'boolean') return random.below(2) === 0;
  if (type === 'null') return null;
  if (type === 'array') return depth > DEEPEST ? [] : [sampleOf(document, schema.items ?? {}, '', { ids }, random, depth + 1)];
  if (type === 'object') return objectOf(document, schema, { ids }, random, depth);
  return random.one(TEXTS);
}

function objectOf(
  document: ApiDocument,
  schema: Schema,
  known: Pick<Population, 'ids'>,
  random: Random,
  depth: number,
): Record<string, unknown> {
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name]) => schema.required?.includes(name) === true || random.below(2) === 0,
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(document, field, name, known, random, depth + 1)]));
}

export function sampleInput(document: ApiDocument, operation: Operation, known: Pick<Population, 'ids'>, random: Random): Given {
  const part = (place: string) =>
    Object.fromEntries(
      operation.parameters
        .filter((one) => one.in === place && (one.required || random.below(2) === 0))
        .map(({ name, schema }) => [name, sampleOf(document, schema, name, known, random)]),
    );
  const file = operation.bodyTypes.length > 0 && operation.body === null ? { type: 'text/csv', text: 'a;b\n1;2\n' } : undefined;
  const body = operation.body === null ? undefined : (sampleOf(document, operation.body, '', known, random) as Given['body']);
  return { params: part('path'), query: part('query'), body: typeof body === 'object' ? body : {}, file };
}
