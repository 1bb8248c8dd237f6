import type { NextFunction, Request, Response } from 'express';
import type { ZodError } from 'zod';
import { isLanguage, type Language } from '../domain/language.ts';
import { fieldIn, namedBy, say, sayFor, SENTENCES, type Refusal, type RefusalName } from '../domain/refusal.ts';
import { AppError, fieldsIn, InvalidInput, sayIn, type Sentence } from '../errors.ts';
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

const TITLES: Readonly<Record<string, RefusalName>> = {
  'invalid-input': 'invalidInput',
  unauthorised: 'unauthorised',
  'code-needed': 'codeIsNeeded',
  'code-wrong': 'codeIsWrong',
  forbidden: 'notAllowed',
  'not-found': 'isNotFound',
  conflict: 'doesNotFit',
  'too-large': 'isTooLarge',
  'too-many-requests': 'tooMany',
  unavailable: 'notAvailable',
  internal: 'wentWrong',
};

/** What most refusals of a kind come to, where English says more. */
const PLAIN: Readonly<Record<string, RefusalName>> = { unauthorised: 'logInFirst', forbidden: 'mayNot', 'not-found': 'isNotThere' };

type TooMany = 'tooManyAttempts' | 'tooManyMessages' | 'tooManyCalls';

export class TooManyRequests extends AppError {
  readonly retryAfterS: number;

  constructor(retryAfterS: number, what: TooMany | Refusal = 'tooManyAttempts') {
    super('too-many-requests', typeof what === 'string' ? say(what, retryAfterS) : what, { status: 429, retryable: true });
    this.retryAfterS = retryAfterS;
  }
}

function problemOf(issue: ZodError['issues'][number]): Sentence {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return say('fieldMissing');
  const english = issue.message.replace(/^Invalid input: /, '');
  const known = namedBy(english);
  if (known !== null) return known;
  if (issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int')) return sayFor(english, 'fieldNotNumber');
  if (issue.code === 'too_small') {
    return sayFor(english, issue.origin === 'string' ? 'fieldTooShort' : 'fieldTooSmall', Number(issue.minimum));
  }
  if (issue.code === 'too_big') return sayFor(english, issue.origin === 'string' ? 'fieldTooLong' : 'fieldTooBig', Number(issue.maximum));
  return sayFor(english, 'fieldWrong');
}

/** Which field is wrong, and why, in words for people. */
export function fieldsOf(error: ZodError): Record<string, Sentence> {
  // Its keys come from outside: `__proto__` is a key like any other here.
  const fields = new Map<string, Sentence>();
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) fields.set([...path, key].join('.'), say('fieldUnknown'));
      continue;
    }
    const field = path.join('.') || 'body';
    if (!fields.has(field)) fields.set(field, problemOf(issue));
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
  if (error.type === 'entity.parse.failed') return new AppError('invalid-input', say('notJson'), { status, cause: error });
  if (status === 413) return new AppError('too-large', say('bodyTooLargeHere'), { status, cause: error });
  if (status === 404) return new AppError('not-found', say('isNotThere'), { status, cause: error });
  return new AppError('invalid-input', say('notReadable'), { status, cause: error });
}

/** The one place that knows what any error means to people and programs; an unknown one says nothing about the inside. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const fromDatabase = fromDatabaseError(error);
  if (fromDatabase) return fromDatabase;
  if (isRedisAway(error)) {
    return new AppError('unavailable', say('redisAway'), { status: 503, retryable: true, cause: error });
  }
  if (isHttpError(error)) return fromHttpError(error);
  return new AppError('internal', say('failed'), { cause: error });
}

/** Of `Accept-Language`, what is wanted most of the languages we have; English for whoever wants none of them. */
export function languageAsked(header = ''): Language {
  const wanted = header.split(',').flatMap((part) => {
    const [tag = '', weight = 'q=1'] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const primary = tag.slice(0, 2);
    return isLanguage(primary) && /^..(-|$)/.test(tag) ? [{ language: primary, weight: Number(weight.slice(2)) }] : [];
  });
  return wanted.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)[0]?.language ?? 'en';
}

/** The sentence of an error; a plain 500 is nobody's sentence. */
export function refusalIn(error: AppError, language: Language): string {
  if (error.status === 500) return SENTENCES[language].failed;
  if (language === 'en') return error.message;
  if (error instanceof InvalidInput) {
    const problems = Object.entries(fieldsIn(error.fieldSentences, language));
    return `${problems.map(([field, problem]) => `${fieldIn(field, language)} ${problem}`).join('; ')}.`;
  }
  const plain = PLAIN[error.code];
  return typeof error.sentence === 'string' && plain ? say(plain).in(language) : sayIn(error.sentence, language);
}

function toProblem(error: AppError, language: Language): Problem {
  // Whoever says 502 to 504 says it for people.
  const code = error.status === 500 ? 'internal' : error.code;
  const fields = fieldsIn(error.fieldSentences, language);
  return {
    type: `urn:wattbook:problem:${code}`,
    title: say(TITLES[code] ?? 'cannotBeDone').in(language),
    status: error.status,
    detail: refusalIn(error, language),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  };
}

function sendProblem(response: Response, error: AppError, language: Language): void {
  if (error instanceof TooManyRequests) response.set('Retry-After', String(error.retryAfterS));
  if (error.status === 503) response.set('Retry-After', '5');
  response
    .status(error.status)
    .type('application/problem+json')
    .set('Content-Language', language)
    .vary('Accept-Language')
    .send(JSON.stringify(toProblem(error, language)));
}

export function makeProblemHandler(log: Logger) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const known = toAppError(error);
    const facts = { err: known.cause ?? known, method: request.method, path: request.path };
    if (known.status === 500) log.error(facts, 'request failed');
    else if (known.status > 500) log.warn(facts, 'request could not be answered');
    if (response.headersSent) return next(error);
    // The back office is in English, whatever the browser asks for.
    const office = /^\/admin(\/|$)/.test(request.originalUrl);
    sendProblem(response, known, office ? 'en' : languageAsked(request.headers['accept-language']));
  };
}
