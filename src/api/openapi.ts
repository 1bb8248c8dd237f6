import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { SESSION_COOKIE } from '../http/session.ts';
import { FILE_TYPES } from '../http/body-limits.ts';
import type { Route } from './contract.ts';
import { PARAMETERS, TAGS } from './document-words.ts';
import { isFile, isText, TYPE_OF_FORMAT } from './file.ts';
import { ONCE_HEADER, ONCE_HOURS } from './once.ts';
import { declareRefusals, refusalsOf } from './refused-answers.ts';
import { z } from './schema.ts';

export const API_PREFIX = '/api/v1';

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

function fileContent(types: readonly string[]) {
  return Object.fromEntries(
    types.map((type) => [
      type,
      { schema: type === TYPE_OF_FORMAT.json ? { type: 'array' as const, items: {} } : { type: 'string' as const, format: 'binary' } },
    ]),
  );
}

/** What the file of a route may be written as: as its `?format=` says, else any. */
function fileTypes({ query }: Pick<Route, 'query'>): string[] {
  const asked: unknown = query?.shape['format'];
  const schema = asked instanceof z.ZodDefault || asked instanceof z.ZodOptional ? asked.unwrap() : asked;
  const formats = schema instanceof z.ZodEnum ? schema.options.map(String) : Object.keys(TYPE_OF_FORMAT);
  return formats.map((format) => TYPE_OF_FORMAT[format as keyof typeof TYPE_OF_FORMAT]);
}

const ETAG = {
  ETag: {
    description: 'Sent back as `If-None-Match`, it is answered by 304 as long as nothing has changed',
    schema: { type: 'string' as const },
  },
};
const REPLAYED = {
  'Idempotent-Replayed': {
    description: '`true`: this is the answer of the first request with this key',
    schema: { type: 'string' as const },
  },
};
const ONCE = z.object({
  [ONCE_HEADER]: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({
      description: `A text of one's own choice, new for each new request: the same request of the same person with it is done once within ${ONCE_HOURS} hours, however often it is sent`,
      example: '9b2f0c1e-6a57-4c1d-8a55-0f6f1f0e6d2a',
    }),
});

/** Whatever is JSON as a whole; a file is written while it is sent. */
const hasETag = ({ method, response }: Route) => method === 'get' && response !== undefined && !isFile(response) && !isText(response);

function answerOf(route: Route) {
  if (!route.response) return { description: 'Done; nothing to say' };
  // The generated client takes what stands last: a file is bytes, also where it has JSON in it.
  if (isFile(route.response))
    return {
      description: 'The file',
      content: fileContent(fileTypes(route).toSorted((a, b) => Number(b === TYPE_OF_FORMAT.json) - Number(a === TYPE_OF_FORMAT.json))),
    };
  if (isText(route.response)) return { description: 'Done', content: { 'text/plain': { schema: route.response } } };
  const json = { [TYPE_OF_FORMAT.json]: { schema: route.response } };
  return {
    description: 'Done',
    ...(route.once ? { headers: REPLAYED } : hasETag(route) ? { headers: ETAG } : {}),
    content: route.files ? { ...fileContent(fileTypes(route).filter((type) => type !== TYPE_OF_FORMAT.json)), ...json } : json,
  };
}

function bodyOf(body: z.ZodType) {
  return { required: true, content: isFile(body) ? fileContent(FILE_TYPES) : { [TYPE_OF_FORMAT.json]: { schema: body } } };
}

function securityOf({ permission }: Route) {
  if (permission === 'public') return { security: [] };
  if (permission === 'pusher') return { security: [{ pushToken: [] }], 'x-permission': permission };
  return { 'x-permission': permission };
}

function declareSecurity(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'session', {
    ...{ type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
    description: 'Begun by POST /api/v1/session. Whatever changes something carries the `csrfToken` of that answer as `x-csrf-token`.',
  });
  registry.registerComponent('securitySchemes', 'token', {
    ...{ type: 'http', scheme: 'bearer' },
    description:
      'Made by POST /api/v1/tokens or in the back office, for one purpose: it may do what its permissions say, and its owner may.',
  });
  registry.registerComponent('securitySchemes', 'pushToken', {
    ...{ type: 'http', scheme: 'bearer' },
    description: 'Of a gateway or device, made by POST /api/v1/push-sources: it pushes, and does nothing else.',
  });
}

const ABOUT = `Reads every electricity meter of a building on the quarter hour and keeps the readings as a ledger that balances to the watt-hour.

JSON is camelCase. Times are ISO 8601 with an offset, ranges are half-open, a bare date is a day in the zone of the building. Lists are \`{items, next}\`: send \`next\` as \`cursor\` for the next piece. Errors are RFC 9457 problem documents. Unknown fields are refused.`;

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

interface Operation {
  operationId: string;
  parameters?: { name: string; description?: string; schema: { description?: string } }[];
}

function describeParameters(document: Document): Document {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path as Record<string, Operation>)) {
      for (const parameter of operation.parameters ?? []) {
        const described = PARAMETERS[`${operation.operationId}.${parameter.name}`] ?? PARAMETERS[parameter.name];
        if (parameter.description === undefined && described !== undefined) parameter.description = described;
        delete parameter.schema.description;
      }
    }
  }
  return document;
}

/** The document of `/openapi.json`; it needs neither a database nor a server. */
export function makeOpenApi(routes: readonly Route[], version: string): Document {
  const registry = new OpenAPIRegistry();
  declareSecurity(registry);
  const refusal = declareRefusals(registry);
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
      ...securityOf(route),
      request: {
        ...(route.params ? { params: route.params } : {}),
        ...(route.query ? { query: route.query } : {}),
        ...(route.body ? { body: bodyOf(route.body) } : {}),
        ...(route.once ? { headers: ONCE } : {}),
      },
      responses: {
        [route.status]: answerOf(route),
        ...(hasETag(route) ? { 304: { description: 'Nothing has changed since the answer with this ETag', headers: ETAG } } : {}),
        ...Object.fromEntries(refusalsOf(route).map((status) => [status, refusal(status)])),
      },
    });
  }
  return describeParameters(
    new OpenApiGeneratorV31(registry.definitions).generateDocument({
      openapi: '3.1.0',
      info: { title: 'Wattbook', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'The server that answers this document' }],
      security: [{ session: [] }, { token: [] }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    }),
  );
}
