// Makes src/generated/api-client.ts out of the routes in src/api: types, and one function per operation.
// `node scripts/make-api-client.mjs`, or `makeApiClient()` from another script. Needs no database and no server.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = join(ROOT, 'src', 'generated', 'api-client.ts');

const RUNTIME = `export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  /** For bad input: which field, and what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterS: number | null;

  constructor(problem: { type: string; title: string; status: number; detail: string; fields?: Record<string, string> }, retryAfterS: number | null = null) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.type = problem.type;
    this.title = problem.title;
    this.fields = problem.fields ?? {};
    this.retryAfterS = retryAfterS;
  }
}

export interface ApiClientOptions {
  /** Empty in a browser: the page's own host. */
  baseUrl?: string;
  /** For programs; a browser has its cookie. */
  token?: string;
  fetch?: typeof fetch;
}

type Values = Readonly<Record<string, unknown>>;

function addressOf(path: string, values: Values): string {
  const query = new URLSearchParams();
  const address = path.replace(/{(\\w+)}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !path.includes(\`{\${name}}\`)) query.set(name, String(value));
  }
  return query.size === 0 ? address : \`\${address}?\${query.toString()}\`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = response.headers.get('Retry-After');
  const retryAfterS = retryAfter === null ? null : Number(retryAfter);
  if (response.headers.get('Content-Type')?.startsWith('application/problem+json')) {
    return new ApiProblem((await response.json()) as ConstructorParameters<typeof ApiProblem>[0], retryAfterS);
  }
  const detail = \`The server answered \${response.status}.\`;
  return new ApiProblem({ type: 'about:blank', title: response.statusText, status: response.status, detail }, retryAfterS);
}

export function makeApiClient(options: ApiClientOptions = {}) {
  const { baseUrl = '', token, fetch: request = (...given) => fetch(...given) } = options;
  // Every answer that begins or shows a session brings its token.
  let csrfToken: string | null = null;

  async function call<T>(method: string, path: string, values: Values = {}, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (token !== undefined) headers['Authorization'] = \`Bearer \${token}\`;
    else if (csrfToken !== null && method !== 'GET') headers['x-csrf-token'] = csrfToken;
    const isFile = body instanceof Blob;
    if (body !== undefined) headers['Content-Type'] = isFile ? body.type : 'application/json';
    const response = await request(baseUrl + addressOf(path, values), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as T;
    if (!response.headers.get('Content-Type')?.startsWith('application/json')) return (await response.blob()) as T;
    const answer = (await response.json()) as T;
    const given = (answer as { csrfToken?: unknown } | null)?.csrfToken;
    if (typeof given === 'string') csrfToken = given;
    return answer;
  }
`;

const isObject = (value) => typeof value === 'object' && value !== null;
const keyOf = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function objectType(schema) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `${keyOf(name)}${required.has(name) ? '' : '?'}: ${typeOf(field)}`,
  );
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  return isObject(schema.additionalProperties) ? `Record<string, ${typeOf(schema.additionalProperties)}>` : 'Record<string, unknown>';
}

const listOf = (type) => (/^\w+$/.test(type) ? `${type}[]` : `(${type})[]`);

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  if (Array.isArray(schema.type)) return [...new Set(schema.type.map((type) => typeOf({ ...schema, type })))].join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return listOf(typeOf(schema.items ?? {}));
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
}

/** What is no JSON is a file. Where an answer may be either, JSON stands last. */
function contentType(content) {
  const [type, { schema }] = Object.entries(content).at(-1);
  return type === 'application/json' ? typeOf(schema) : 'Blob';
}

/** Path and query in one object, then the body. */
function functionOf(method, path, operation) {
  const parameters = (operation.parameters ?? []).filter((one) => one.in !== 'header');
  const fields = parameters.map((one) => `${one.name}${one.required ? '' : '?'}: ${typeOf(one.schema)}`);
  const allOptional = parameters.every((one) => !one.required);
  const body = operation.requestBody && contentType(operation.requestBody.content);
  const [good] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const answer = good[1].content ? contentType(good[1].content) : 'void';
  const taken = [
    ...(fields.length > 0 ? [`values: { ${fields.join('; ')} }${allOptional && !body ? ' = {}' : ''}`] : []),
    ...(body ? [`body: ${body}`] : []),
  ];
  const passed = [
    `'${method.toUpperCase()}'`,
    `'${path}'`,
    ...(fields.length > 0 ? ['values'] : body ? ['{}'] : []),
    ...(body ? ['body'] : []),
  ];
  return `    /** ${operation.summary} */
    ${operation.operationId}: (${taken.join(', ')}) => call<${answer}>(${passed.join(', ')}),`;
}

export function clientSource(document) {
  const types = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
  const functions = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => functionOf(method, path, operation)),
  );
  return [
    '// Made by scripts/make-api-client.mjs from the routes in src/api: do not edit.',
    ...types,
    '',
    RUNTIME,
    '  return {',
    '    /** What changes by cookie carry as x-csrf-token, beside REST too. */',
    '    csrfToken: () => csrfToken,',
    ...functions,
    '  };',
    '}',
    '',
    'export type ApiClient = ReturnType<typeof makeApiClient>;',
    '',
  ].join('\n');
}

/** Answers the path of the file; it is written only when it differs, so that a build has nothing new to do. */
export async function makeApiClient() {
  const options = { root: ROOT, configFile: false, logLevel: 'error' };
  const { module: contract } = await runnerImport(join(ROOT, 'src', 'api', 'openapi.ts'), options);
  const { module: routes } = await runnerImport(join(ROOT, 'src', 'api', 'routes.ts'), options);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const source = clientSource(contract.makeOpenApi(routes.ROUTES, version));
  mkdirSync(dirname(TARGET), { recursive: true });
  if (readIfThere(TARGET) !== source) writeFileSync(TARGET, source);
  return TARGET;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await makeApiClient()}\n`);
