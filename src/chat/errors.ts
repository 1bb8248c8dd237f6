import { Code, ConnectError } from '@connectrpc/connect';
import { TooManyRequests, toAppError } from '../http/problem.ts';
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
export function toConnectError(error: unknown, log: Logger, method: string): ConnectError {
  if (error instanceof ConnectError) return error;
  const known = toAppError(error);
  const code = CODES[known.status] ?? Code.Internal;
  if (known.status >= 500) log.error({ err: known.cause ?? known, method }, 'a chat call failed');
  const said = code === Code.Internal ? 'Something went wrong here. It was written to the log.' : known.message;
  const headers: Record<string, string> = known instanceof TooManyRequests ? { 'Retry-After': String(known.retryAfterS) } : {};
  return new ConnectError(said, code, headers);
}
