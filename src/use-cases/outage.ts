import { AppError } from '../errors.ts';
import { fromDatabaseError } from '../http/database-problem.ts';

/** What a job met that passes: the database is away, or a disk is full. Null: doing the same again is of no use. */
export function outageOf(err: unknown): AppError | null {
  const known = err instanceof AppError ? err : fromDatabaseError(err);
  return known?.retryable ? known : null;
}

/** What the row of a job says meanwhile. */
export function outageSentence({ message }: AppError): string {
  return `It is tried again by itself. The last time: ${message}`;
}
