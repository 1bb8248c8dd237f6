import type { Operation } from './operations.ts';
import type { Random } from './random.ts';

/** What an operation is asked with. */
export interface Given {
  params: Readonly<Record<string, unknown>>;
  query: Readonly<Record<string, unknown>>;
  body?: Readonly<Record<string, unknown>> | undefined;
  file?: { type: string; text: string } | undefined;
}

export interface HttpAsk {
  /** What is wrong about it, to be found again. */
  what: string;
  method: string;
  /** Path and query as they go over the wire. */
  target: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

const DEEP = 20_000;
const UNKNOWN_ID = 4_294_967_295;

/** Values of every type and none, at and past the edges of what can be stored. */
const STRANGE: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e308, -1e308, 2_147_483_648, UNKNOWN_ID, 4_294_967_296, 9_007_199_254_740_991],
  ...['', ' ', '\u0000', '\ud800', '👩‍👩‍👧'.repeat(60), 'x'.repeat(5_000), '٣', 'NaN', 'Infinity', '1e5', '-0', '0x10', 'true'],
  ...['2026-02-30', '2026-13', '9999-12-31T23:59:59Z', '-000001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '1969-12-31T23:59:59.999Z'],
  ...["' OR 1=1 --", '../../../etc/passwd', '__proto__', 'constructor', '=cmd()', '<script>', '%', '\r\nX: y', '\u202e'],
  ...[[], [[]], [null], {}, { $gt: '' }, { toString: 1 }, Array.from({ length: 2_000 }, () => 1)],
];

/** Bodies that are no object of the right kind, or no JSON at all. */
const RAW: readonly { what: string; text: string }[] = [
  { what: 'JSON that ends early', text: '{"name":' },
  { what: 'no JSON', text: 'name=x' },
  { what: 'NaN as a number', text: '{"value":NaN,"name":NaN}' },
  { what: 'a number beyond all numbers', text: '{"value":1e999,"id":1e999}' },
  { what: 'null', text: 'null' },
  { what: 'a list', text: '[]' },
  { what: 'a text', text: '"text"' },
  { what: 'a number', text: '1' },
  { what: 'deep lists', text: '['.repeat(DEEP) + ']'.repeat(DEEP) },
  { what: 'deep objects', text: '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP) },
  { what: 'deep lists in a field', text: `{"name":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}` },
  { what: '__proto__', text: '{"__proto__":{"admin":true,"status":200}}' },
  { what: 'constructor', text: '{"constructor":{"prototype":{"admin":true}}}' },
  { what: 'a mark before the JSON', text: '\ufeff{}' },
  { what: 'one field twice', text: '{"name":"a","name":1}' },
  { what: 'many fields', text: `{${Array.from({ length: 5_000 }, (_, index) => `"f${index}":1`).join(',')}}` },
  { what: 'a body that is too large', text: `{"name":"${'x'.repeat(300 * 1024)}"}` },
];

const BODY_HEADERS: readonly Record<string, string>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json; charset=utf-7' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'deflate' },
  { 'content-encoding': 'br' },
  { 'content-encoding': 'rot13' },
];

const BAD_QUERIES = [
  'unknown=1',
  '__proto__=1',
  '__proto__[a]=1',
  'constructor=1',
  'a[b]=1',
  '%FF=%FF',
  '&&==',
  'limit=1&limit=2',
  'cursor=x',
];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function targetOf(path: string, params: Given['params'], query: Given['query']): string {
  const address = path.replace(/{(\w+)}/g, (_, name: string) => encode(textOf(params[name] ?? UNKNOWN_ID)));
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${encode(name)}=${encode(textOf(value))}`]));
  return asked.length === 0 ? address : `${address}?${asked.join('&')}`;
}

export function rightAsk({ method, path }: Operation, { params, query, body, file }: Given): HttpAsk {
  const type = file?.type ?? (body ? 'application/json' : undefined);
  return {
    what: 'right input',
    method,
    target: targetOf(path, params, query),
    headers: type === undefined ? {} : { 'content-type': type },
    body: file?.text ?? (body ? JSON.stringify(body) : undefined),
  };
}

/** Some of the many ways to ask it wrongly; other ones for another random. `foreign`: ids of another building. */
export function hostileAsks(operation: Operation, given: Given, foreign: Given['params'], random: Random): HttpAsk[] {
  const asks: HttpAsk[] = [];
  const right = rightAsk(operation, given);
  const withGiven = (what: string, changed: Partial<Given>) => asks.push({ ...rightAsk(operation, { ...given, ...changed }), what });
  for (const { name, in: place } of operation.parameters) {
    const key = place === 'path' ? 'params' : 'query';
    const set = (what: string, value: unknown) => withGiven(`${name}: ${what}`, { [key]: { ...given[key], [name]: value } });
    const value = random.one(STRANGE.filter((one) => place === 'query' || textOf(one) !== ''));
    set(textOf(value).slice(0, 40), value);
    if (place === 'path') set('an unknown id', random.one([UNKNOWN_ID, 9_999_999_999, 4_294_967_296]));
    else set('missing', undefined);
    if (foreign[name] !== undefined) set('of another building', foreign[name]);
  }
  const separator = right.target.includes('?') ? '&' : '?';
  const bad = random.one(BAD_QUERIES);
  asks.push({ ...right, what: `?${bad}`, target: `${right.target}${separator}${bad}` });
  if (operation.path.includes('{')) asks.push({ ...right, what: 'a path that is no text', target: operation.path.replace(/{\w+}/, '%FF') });
  if (operation.bodyTypes.length === 0) return asks;

  for (const name of Object.keys(operation.body?.properties ?? {})) {
    const set = (what: string, value: unknown) => withGiven(`${name}: ${what}`, { body: { ...given.body, [name]: value } });
    const value = random.one(STRANGE);
    set(textOf(value).slice(0, 40), value);
    if (operation.body?.required?.includes(name) === true) set('missing', undefined);
    if (foreign[name] !== undefined) set('of another building', foreign[name]);
  }
  if (operation.body !== null) withGiven('an unknown field', { body: { ...given.body, admin: true } });
  for (let times = 0; times < 2; times += 1) {
    const { what, text } = random.one(RAW);
    asks.push({ ...right, what, body: text });
  }
  const headers = random.one(BODY_HEADERS);
  asks.push({ ...right, what: JSON.stringify(headers), headers: { ...right.headers, ...headers }, body: right.body ?? '{}' });
  return asks;
}
