import { createHash } from 'node:crypto';
import type { NextFunction, Request, Response, Router } from 'express';
import { canSomewhere, type Actor, type Permission } from '../domain/permission.ts';
import type { Pusher } from '../domain/pushed-message.ts';
import { say } from '../domain/refusal.ts';
import { AppError, Forbidden, InvalidInput, NotFound, Unauthorised } from '../errors.ts';
import { fieldsOf } from '../http/problem.ts';
import type { ApiDeps } from './deps.ts';
import { isFile, isText, readFile, sendFile, SentFile, StreamedFile, type FileAnswer } from './file.ts';
import { once } from './once.ts';
import type { OwnRefusal } from './refused-answers.ts';
import { z } from './schema.ts';
import { sendStream } from './send-stream.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** `pusher`: a gateway or device by its own token. */
export type Access = 'public' | 'signed-in' | 'pusher' | Permission;

type Fields = z.ZodObject | undefined;
type Body = z.ZodType | undefined;
type Given<S extends Body> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler is given: checked input, and the actor that the access asks for. */
export interface Call<A extends Access, P extends Fields, Q extends Fields, B extends Body> {
  deps: ApiDeps;
  actor: A extends 'public' | 'pusher' ? Actor | null : Actor;
  pusher: A extends 'pusher' ? Pusher : null;
  params: Given<P>;
  query: Given<Q>;
  body: Given<B>;
  request: Request;
  response: Response;
}

export interface RouteSpec<A extends Access, P extends Fields, Q extends Fields, B extends Body, R extends Body> {
  method: Method;
  /** Below /api/v1, such as `/users/:userId`. */
  path: string;
  /** At the root of the server instead: an address that scripts know from before. */
  root?: true;
  /** What the client's function is called, where the method and the path do not say it well, such as `closeMeter`. */
  name?: string;
  summary: string;
  tags: [string, ...string[]];
  /** The permission is asked for anywhere; the use case asks it for the thing. */
  permission: A;
  params?: P;
  query?: Q;
  body?: B;
  /** What leaves; anything undeclared is dropped. Without it the answer is empty. */
  response?: R;
  /** The answer may be a file instead, as asked for. */
  files?: true;
  status?: 200 | 201 | 202 | 204;
  /** How it refuses besides what follows from its method, permission and input. */
  refuses?: readonly OwnRefusal[];
  /** The answer has something in it that is shown once: an `Idempotency-Key` keeps that it was made, and not the answer. */
  secret?: true;
  handler: (call: Call<A, P, Q, B>) => Promise<Answer<R> | SentFile | StreamedFile> | Answer<R>;
}

type Answer<R extends Body> = R extends z.ZodType ? z.input<R> : void;

/** One declaration for express, OpenAPI, the generated client and the route x role table. */
export interface Route {
  method: Method;
  path: string;
  root: boolean;
  name: string | undefined;
  summary: string;
  tags: readonly string[];
  permission: Access;
  params: z.ZodObject | undefined;
  query: z.ZodObject | undefined;
  body: z.ZodType | undefined;
  response: z.ZodType | undefined;
  files: boolean;
  status: number;
  refuses: readonly OwnRefusal[];
  /** Takes an `Idempotency-Key`. */
  once: boolean;
  handle(deps: ApiDeps, request: Request, response: Response): Promise<void>;
}

function check<S extends Body>(schema: S, input: unknown): Given<S> {
  if (schema === undefined) return undefined as Given<S>;
  const result = schema.safeParse(input);
  if (!result.success) throw new InvalidInput(fieldsOf(result.error));
  return result.data as Given<S>;
}

/** Nobody learns whether a thing exists: what one can never see is not there, what one can never do is forbidden. */
function admit(route: Pick<Route, 'method' | 'params' | 'permission'>, { actor, pusher }: Pick<Request, 'actor' | 'pusher'>): void {
  if (route.permission === 'public' || (route.permission === 'pusher' && pusher !== null)) return;
  if (route.permission === 'pusher' && actor !== null) throw new Forbidden(say('pushersOnly'));
  if (pusher !== null) throw new Forbidden();
  if (actor === null || route.permission === 'pusher') throw new Unauthorised();
  if (route.permission === 'signed-in' || canSomewhere(actor, route.permission)) return;
  throw route.method === 'get' && route.params ? new NotFound() : new Forbidden();
}

function isMadeOnce(
  {
    method,
    root,
    permission,
    response,
  }: Pick<RouteSpec<Access, Fields, Fields, Body, Body>, 'method' | 'root' | 'permission' | 'response'>,
  status: number,
) {
  return (
    method === 'post' &&
    // The addresses of before are as they were.
    !root &&
    (status === 201 || status === 202) &&
    permission !== 'public' &&
    permission !== 'pusher' &&
    !(response && isFile(response))
  );
}

/** Whoever has the same answer already need not be sent it again. */
export function sendJson(request: Request, response: Response, answer: unknown): void {
  const text = JSON.stringify(answer);
  if (request.method === 'GET' || request.method === 'HEAD') {
    response.set('ETag', `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`);
  }
  response.type('application/json').send(text);
}

function answerWith(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('wrong-answer', 'The answer does not fit its description.', { cause: result.error });
}

export function route<
  const A extends Access,
  P extends Fields = undefined,
  Q extends Fields = undefined,
  B extends Body = undefined,
  R extends Body = undefined,
>(spec: RouteSpec<A, P, Q, B, R>): Route {
  const params = spec.params?.strict();
  const query = (spec.query ?? z.object({})).strict();
  const body = spec.body instanceof z.ZodObject ? spec.body.strict() : spec.body;
  const status = spec.status ?? (spec.response ? 200 : 204);
  const takesKey = isMadeOnce(spec, status);
  return {
    method: spec.method,
    path: spec.path,
    root: spec.root ?? false,
    name: spec.name,
    summary: spec.summary,
    tags: spec.tags,
    permission: spec.permission,
    params,
    query: spec.query && query,
    body,
    response: spec.response,
    files: spec.files ?? false,
    status,
    refuses: spec.refuses ?? [],
    once: takesKey,
    async handle(deps, request, response) {
      admit({ method: spec.method, params, permission: spec.permission }, request);
      const call = {
        deps,
        actor: request.actor as Call<A, P, Q, B>['actor'],
        pusher: request.pusher as Call<A, P, Q, B>['pusher'],
        params: check(params, request.params) as Given<P>,
        query: check(query, request.query) as Given<Q>,
        body: check(body, isFile(body) ? await readFile(request, response) : (request.body ?? {})) as Given<B>,
        request,
        response,
      };
      const { response: shown } = spec;
      if (takesKey) {
        const make = async () => {
          const made = await spec.handler(call);
          return shown && answerWith(shown, made);
        };
        const answer = await once(deps, { request, response, status, secret: spec.secret ?? false }, make);
        response.status(status);
        if (shown) sendJson(request, response, answer);
        else response.end();
        return;
      }
      const value = await spec.handler(call);
      response.status(status);
      if (spec.response === undefined) response.end();
      else if (value instanceof StreamedFile) await sendStream(response, value, deps.log);
      else if (value instanceof SentFile) sendFile(response, value.file);
      else if (isFile(spec.response)) sendFile(response, value as FileAnswer);
      else if (isText(spec.response)) response.type('text/plain').send(answerWith(spec.response, value));
      else sendJson(request, response, answerWith(spec.response, value));
    },
  };
}

export function mountRoutes(router: Router, routes: readonly Route[], deps: ApiDeps): void {
  for (const declared of routes) {
    router[declared.method](declared.path, (request: Request, response: Response, next: NextFunction) => {
      response.locals.route = declared.path;
      declared.handle(deps, request, response).catch(next);
    });
  }
}
