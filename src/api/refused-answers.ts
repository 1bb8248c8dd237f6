import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Route } from './contract.ts';
import { z } from './schema.ts';

const problem = z
  .object({
    type: z.string().openapi({ description: 'Tells the kinds of problems apart', example: 'urn:wattbook:problem:invalid-input' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().openapi({ description: 'A sentence for people, in the language of `Accept-Language`: en, de or it' }),
    fields: z.record(z.string(), z.string()).optional().openapi({ description: 'For bad input: which field, and what is wrong with it' }),
  })
  .openapi('Problem', { description: 'An RFC 9457 problem document' });

interface RefusedAnswer {
  name: string;
  description: string;
  type: string;
  title: string;
  detail: string;
  fields?: Record<string, string>;
  retryAfter?: true;
}

const ANSWERS = {
  400: {
    name: 'InvalidInput',
    description: 'What was sent cannot be understood; nothing was changed',
    ...{ type: 'invalid-input', title: 'Invalid input', detail: 'name: is missing', fields: { name: 'is missing' } },
  },
  401: {
    name: 'Unauthorised',
    description: 'Nobody is logged in, or the token is unknown, over or revoked',
    ...{ type: 'unauthorised', title: 'Nobody is logged in', detail: 'Log in first, or send a token.' },
  },
  403: {
    name: 'Forbidden',
    description: 'Whoever asks may see this, and may not do it; or the `x-csrf-token` of the session is missing',
    ...{ type: 'forbidden', title: 'Not allowed', detail: 'You may not do this.' },
  },
  404: {
    name: 'NotFound',
    description: 'It is not there, or not for whoever asks',
    ...{ type: 'not-found', title: 'Not found', detail: 'This building does not exist.' },
  },
  409: {
    name: 'Conflict',
    description: 'It does not fit what is there: a name is taken, a thing is in use, a step was made already; nothing was changed',
    ...{ type: 'conflict', title: 'It does not fit what is there', detail: 'There is one with this name already.' },
  },
  410: {
    name: 'Gone',
    description: 'It was there, and is over',
    ...{ type: 'gone', title: 'It cannot be done', detail: 'The file was removed after its time.' },
  },
  413: {
    name: 'TooLarge',
    description: 'The body is too large: JSON up to 256 KiB, a file up to 2 MiB',
    ...{ type: 'too-large', title: 'Too large', detail: 'The body is too large.' },
  },
  415: {
    name: 'WrongType',
    description: 'The body is not of a type that is taken here, or packed as nothing that is known',
    ...{ type: 'invalid-input', title: 'Invalid input', detail: 'Send the body as application/json.' },
  },
  422: {
    name: 'KeyUsed',
    description: 'This `Idempotency-Key` was sent with another request; nothing was changed',
    ...{ type: 'key-used', title: 'It cannot be done', detail: 'This Idempotency-Key was sent with another request.' },
  },
  429: {
    name: 'TooManyRequests',
    description: 'Too often; `Retry-After` says when again',
    retryAfter: true,
    ...{ type: 'too-many-requests', title: 'Too many', detail: 'Too many attempts. Try again in 15 minutes.' },
  },
  503: {
    name: 'Unavailable',
    description: 'The database, Redis or a free place is missing for the moment; `Retry-After` says when to ask again',
    retryAfter: true,
    ...{ type: 'unavailable', title: 'Not available', detail: 'The database does not answer. Try again in a moment.' },
  },
  504: {
    name: 'PollerAway',
    description: 'The process that owns the line did not answer in time',
    ...{ type: 'poller-away', title: 'It cannot be done', detail: 'The poller main does not answer.' },
  },
  507: {
    name: 'DiskFull',
    description: 'There is no room on the disk; nothing was changed',
    ...{ type: 'disk-full', title: 'It cannot be done', detail: 'The disk is full.' },
  },
} as const satisfies Record<number, RefusedAnswer>;

export type RefusedStatus = keyof typeof ANSWERS;

/** What a route can refuse besides what follows from its declaration. */
export type OwnRefusal = 404 | 409 | 410 | 429 | 504;

type Declared = Pick<Route, 'method' | 'permission' | 'params' | 'body' | 'refuses' | 'once'>;

/** A body such as `{buildingId, name}`. */
function namesThings(body: Declared['body']): boolean {
  return body instanceof z.ZodObject && Object.keys(body.shape).some((field) => field.endsWith('Id'));
}

export function refusalsOf({ method, permission, params, body, refuses, once }: Declared): RefusedStatus[] {
  const changes = method !== 'get';
  const statuses = new Set<RefusedStatus>([400, 401, 503, ...refuses]);
  if (changes || permission !== 'public') statuses.add(403);
  if (params || namesThings(body)) statuses.add(404);
  if (changes) statuses.add(507);
  if (changes && permission !== 'public' && permission !== 'pusher') statuses.add(409);
  if (once) statuses.add(422);
  if (body) statuses.add(413).add(415);
  return [...statuses].toSorted((a, b) => a - b);
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' as const, minimum: 1 }, required: true } };

/** Declares each kind of refusal once; answers where a response of the document points to. */
export function declareRefusals(registry: OpenAPIRegistry): (status: RefusedStatus) => { $ref: string } {
  registry.register('Problem', problem);
  const refs = new Map(
    Object.entries(ANSWERS as Record<string, RefusedAnswer>).map(
      ([status, { name, description, type, title, detail, fields, retryAfter }]) => {
        const example = { type: `urn:wattbook:problem:${type}`, title, status: Number(status), detail, ...(fields ? { fields } : {}) };
        const { ref } = registry.registerComponent('responses', name, {
          description,
          ...(retryAfter ? { headers: RETRY_AFTER } : {}),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
        });
        return [Number(status), ref] as const;
      },
    ),
  );
  return (status) => {
    const ref = refs.get(status);
    if (ref === undefined) throw new Error(`No answer is declared for the status ${status}`);
    return ref;
  };
}
