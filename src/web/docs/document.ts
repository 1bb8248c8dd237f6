export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  default?: unknown;
  description?: string;
}

type Content = Record<string, { schema: Schema; example?: unknown }>;

interface Answer {
  $ref?: string;
  description?: string;
  content?: Content;
}

interface OperationObject {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, Answer>;
  security?: unknown[];
  'x-permission'?: string;
}

export interface ApiDocument {
  info: { version: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> };
}

export interface Operation extends OperationObject {
  method: string;
  path: string;
}

export interface Field {
  name: string;
  type: string;
  required: boolean;
  description: string;
}

export interface Group {
  name: string;
  description: string;
  operations: Operation[];
}

const DEEPEST = 6;
const FIELDS_DEEP = 3;

function resolve(document: ApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return schema;
  return {
    ...resolve(document, document.components.schemas[name] ?? {}),
    ...(schema.description ? { description: schema.description } : {}),
  };
}

export function answerOf(document: ApiDocument, answer: Answer): Answer {
  const name = answer.$ref?.split('/').at(-1);
  return name === undefined ? answer : (document.components.responses[name] ?? {});
}

/** By tag, in the document's order; those that have every word of the search in them. */
export function groupsOf(document: ApiDocument, search: string): Group[] {
  const sought = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const isSought = ({ method, path, summary, operationId, tags, 'x-permission': permission = '' }: Operation) => {
    const text = [method, path, summary, operationId, permission, ...tags].join(' ').toLowerCase();
    return sought.every((word) => text.includes(word));
  };
  const found = all.filter(isSought);
  return document.tags
    .map((tag) => ({ ...tag, operations: found.filter(({ tags }) => tags.includes(tag.name)) }))
    .filter(({ operations }) => operations.length > 0);
}

export function typeOf(document: ApiDocument, given: Schema, depth = 0): string {
  const schema = resolve(document, given);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives && depth < FIELDS_DEEP) {
    return [...new Set(alternatives.map((one) => typeOf(document, one, depth + 1)))].join(' | ');
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any'];
  return types
    .map((type) => {
      if (type === 'array') return `${typeOf(document, schema.items ?? {}, depth + 1)}[]`;
      return type === 'string' && schema.format !== undefined ? schema.format : type;
    })
    .join(' | ');
}

/** The fields of an object, those of its parts with the names of both: `items[].id`. */
export function fieldsOf(document: ApiDocument, given: Schema, before = '', depth = 0): Field[] {
  const schema = resolve(document, given);
  if (schema.type === 'array') return fieldsOf(document, schema.items ?? {}, `${before}[]`, depth);
  const parts = [schema, ...(schema.allOf ?? []).map((part) => resolve(document, part))];
  return parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([key, field]) => {
      const name = before === '' ? key : `${before}.${key}`;
      const { description = '' } = resolve(document, field);
      const own = { name, type: typeOf(document, field), required: required.includes(key), description };
      return depth >= FIELDS_DEEP ? [own] : [own, ...fieldsOf(document, field, name, depth + 1)];
    }),
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00+01:00',
  date: '2026-01-31',
  email: 'person@example.org',
  binary: '...',
};

/** Something that fits the schema, to be read by people. */
export function exampleOf(document: ApiDocument, given: Schema, depth = 0): unknown {
  const schema = resolve(document, given);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return exampleOf(document, first, depth + 1);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(document, part, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer') return 1;
  if (type === 'number') return 1.5;
  if (type === 'boolean') return true;
  if (type === 'string') return TEXTS[schema.format ?? ''] ?? 'text';
  if (type === 'array') return depth > DEEPEST ? [] : [exampleOf(document, schema.items ?? {}, depth + 1)];
  if (type !== 'object') return null;
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(depth > DEEPEST ? [] : fields.map(([name, field]) => [name, exampleOf(document, field, depth + 1)]));
}

/** As one types it; what is asked for and not required is left out. */
export function curlOf(document: ApiDocument, { method, path, parameters = [], requestBody, security }: Operation, origin: string): string {
  const valueOf = (schema: Schema) => encodeURIComponent(String(exampleOf(document, schema)));
  const address = parameters.reduce((text, { name, schema }) => text.replace(`{${name}}`, valueOf(schema)), path);
  const query = parameters
    .filter((one) => one.in === 'query' && one.required === true)
    .map(({ name, schema }) => `${name}=${valueOf(schema)}`);
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${origin}${address}${query.length > 0 ? `?${query.join('&')}` : ''}'`];
  if (security === undefined || security.length > 0) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type !== undefined && body) {
    lines.push(`-H 'Content-Type: ${type}'`);
    lines.push(
      type === 'application/json'
        ? `-d '${JSON.stringify(exampleOf(document, body.schema)).replaceAll("'", "'\\''")}'`
        : '--data-binary @FILE',
    );
  }
  return lines.join(' \\\n  ');
}
