import { Code, ConnectError } from '@connectrpc/connect';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';
import { languageAsked, refusalIn, TooManyRequests, toAppError } from '../http/problem.ts';
import type { Logger } from '../logger.ts';

const CODES: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.FailedPrecondition,
  429: Code.ResourceExhausted,
  503: Code.Unavailable,
  507: Code.Unavailable,
};

/** The same sentences as REST; an unknown error says nothing about the inside. */
export function toConnectError(
  error: unknown,
  { log, method, headers: asked }: { log: Logger; method: string; headers: Headers },
): ConnectError {
  if (error instanceof ConnectError) return error;
  const known = toAppError(error);
  const code = CODES[known.status] ?? Code.Internal;
  if (known.status >= 500) log.error({ err: known.cause ?? known, method }, 'a chat call failed');
  const said = refusalIn(
    code === Code.Internal ? new AppError('internal', say('failed')) : known,
    languageAsked(asked.get('accept-language') ?? undefined),
  );
  const headers: Record<string, string> = known instanceof TooManyRequests ? { 'Retry-After': String(known.retryAfterS) } : {};
  return new ConnectError(said, code, headers);
}
