import type { NextFunction, Request, Response } from 'express';
import type { ZodError } from 'zod';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { fromDatabaseError } from './database-problem.ts';

/** An RFC 9457 problem document. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** For bad input: which field, and what is wrong with it. */
  fields?: Record<string, string>;
}

const TITLES: Record<string, string> = {
  'invalid-input': 'Something in the request is not right',
  unauthorised: 'Nobody is logged in',
  'code-needed': 'A code is needed as well',
  'code-wrong': 'The code is not right',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'This does not fit what is already there',
  'too-large': 'Too large',
  'too-many-requests': 'Too many attempts',
  unavailable: 'Not available at the moment',
  internal: 'Something went wrong here',
};

export class TooManyRequests extends AppError {
  readonly retryAfterS: number;

  constructor(retryAfterS: number, what = 'attempts') {
    super('too-many-requests', `Too many ${what}. Try again in ${retryAfterS} seconds.`, { status: 429, retryable: true });
    this.retryAfterS = retryAfterS;
  }
}

/** Which field is wrong, and why, in words for people. */
export function fieldsOf(error: ZodError): Record<string, string> {
  // Its keys come from outside: `__proto__` is a key like any other here.
  const fields = new Map<string, string>();
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) fields.set([...path, key].join('.'), 'is not known here');
      continue;
    }
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    const field = path.join('.') || 'body';
    if (!fields.has(field)) fields.set(field, missing ? 'is missing' : issue.message.replace(/^Invalid input: /, ''));
  }
  return Object.fromEntries(fields);
}

const REDIS_AWAY =
  /Connection is closed|Stream isn't writeable|MaxRetriesPerRequest|max retries per request|ECONNREFUSED|ENOENT.*redis|Command timed out/i;

function isRedisAway(error: unknown): boolean {
  return error instanceof Error && REDIS_AWAY.test(`${error.name} ${error.message}`);
}

interface HttpError extends Error {
  status: number;
  type?: string;
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

function fromHttpError(error: HttpError): AppError {
  const { status } = error;
  if (error.type === 'entity.parse.failed') return new AppError('invalid-input', 'The body is not valid JSON.', { status, cause: error });
  if (status === 413) return new AppError('too-large', 'The body is larger than this address takes.', { status, cause: error });
  if (status === 404) return new AppError('not-found', 'This does not exist.', { status, cause: error });
  return new AppError('invalid-input', 'The request cannot be read.', { status, cause: error });
}

/** The one place that knows what any error means to people and programs; an unknown one says nothing about the inside. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const fromDatabase = fromDatabaseError(error);
  if (fromDatabase) return fromDatabase;
  if (isRedisAway(error)) {
    return new AppError('unavailable', 'A part of Wattbook is restarting. Try again in a moment.', {
      status: 503,
      retryable: true,
      cause: error,
    });
  }
  if (isHttpError(error)) return fromHttpError(error);
  return new AppError('internal', 'Something went wrong here. It was written to the log.', { cause: error });
}

function toProblem(error: AppError): Problem {
  // Whoever says 502 to 504 says it for people; a plain 500 is nobody's sentence.
  const shown = error.status !== 500;
  const code = shown ? error.code : 'internal';
  return {
    type: `urn:wattbook:problem:${code}`,
    title: TITLES[code] ?? 'This cannot be done',
    status: error.status,
    detail: shown ? error.message : 'Something went wrong here. It was written to the log.',
    ...(Object.keys(error.fields).length > 0 ? { fields: error.fields } : {}),
  };
}

function sendProblem(response: Response, error: AppError): void {
  if (error instanceof TooManyRequests) response.set('Retry-After', String(error.retryAfterS));
  if (error.status === 503) response.set('Retry-After', '5');
  response
    .status(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error)));
}

export function makeProblemHandler(log: Logger) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const known = toAppError(error);
    const facts = { err: known.cause ?? known, method: request.method, path: request.path };
    if (known.status === 500) log.error(facts, 'request failed');
    else if (known.status > 500) log.warn(facts, 'request could not be answered');
    if (response.headersSent) return next(error);
    sendProblem(response, known);
  };
}
