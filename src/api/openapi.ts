import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { SESSION_COOKIE } from '../http/session.ts';
import { FILE_TYPES } from '../http/body-limits.ts';
import type { Route } from './contract.ts';
import { isFile, isText } from './file.ts';
import { z } from './schema.ts';

export const API_PREFIX = '/api/v1';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Problem');

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return noun.endsWith('s') ? noun.slice(0, -1) : noun;
}

function pascal(segment: string): string {
  return segment.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const VERBS = { get: 'read', post: 'create', put: 'replace', patch: 'change', delete: 'delete' } as const;

/** `GET /users` is listUsers, `POST /users/:userId/memberships` is createUserMembership. */
function operationName(route: Pick<Route, 'method' | 'path' | 'name' | 'response'>): string {
  if (route.name) return route.name;
  const segments = route.path.split('/').filter(Boolean);
  const isList = route.response instanceof z.ZodObject && 'items' in route.response.shape && 'next' in route.response.shape;
  const nouns = segments.flatMap((segment, index) => {
    if (segment.startsWith(':')) return [];
    const plural = isList && index === segments.length - 1;
    return [pascal(plural ? segment : singular(segment))];
  });
  return `${isList && route.method === 'get' ? 'list' : VERBS[route.method]}${nouns.join('')}`;
}

const FILE_CONTENT = Object.fromEntries(FILE_TYPES.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]));

function contentOf(schema: z.ZodType) {
  if (isText(schema)) return { 'text/plain': { schema } };
  return isFile(schema) ? FILE_CONTENT : { 'application/json': { schema } };
}

function responsesOf(route: Route) {
  const problems = {
    description: 'What is wrong, as an RFC 9457 problem document',
    content: { 'application/problem+json': { schema: problem } },
  };
  const good = route.response
    ? { description: 'Done', content: { ...contentOf(route.response), ...(route.files ? FILE_CONTENT : {}) } }
    : { description: 'Done; nothing to say' };
  return { [route.status]: good, default: problems };
}

/** The document of `/openapi.json`; it needs neither a database nor a server. */
export function makeOpenApi(routes: readonly Route[], version: string) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  const names = new Set<string>();
  for (const route of routes) {
    const operationId = operationName(route);
    if (names.has(operationId)) throw new Error(`Two routes are called ${operationId}: give one of them a name`);
    names.add(operationId);
    registry.registerPath({
      method: route.method,
      path: `${route.root ? '' : API_PREFIX}${route.path.replace(/:(\w+)/g, '{$1}')}`,
      operationId,
      summary: route.summary,
      tags: [...route.tags],
      ...(route.permission === 'public' ? { security: [] } : { 'x-permission': route.permission }),
      request: {
        ...(route.params ? { params: route.params } : {}),
        ...(route.query ? { query: route.query } : {}),
        ...(route.body ? { body: { required: true, content: contentOf(route.body) } } : {}),
      },
      responses: responsesOf(route),
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Wattbook', version, license: { name: 'MIT', identifier: 'MIT' } },
    security: [{ session: [] }, { token: [] }],
  });
}
