import { say } from '../domain/refusal.ts';
import { AppError, Conflict, InvalidInput } from '../errors.ts';

/** What Prisma's error carries, as far as it is used here: this folder knows no database client. */
interface DatabaseError extends Error {
  code: string;
  meta?: { modelName?: string; driverAdapterError?: { cause?: { originalMessage?: string } } };
}

const UNREACHABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
const DRIVER_UNREACHABLE =
  /pool (timeout|failed)|socket|connection closed|shutdown in progress|ECONNREFUSED|ENOENT|ECONNRESET|EPIPE|getaddrinfo/i;
const DISK_FULL = /table '.+' is full|disk full|no space left|errno: 28\b/i;

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && error.name === 'PrismaClientKnownRequestError' && 'code' in error;
}

function messageOf(error: DatabaseError): string {
  return error.meta?.driverAdapterError?.cause?.originalMessage ?? error.message;
}

function camel(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const TABLES = ['meter_models', 'meter_aliases', 'user_meters', 'tenancy_users', 'mail_outbox', 'api_tokens', 'push_sources'];
// What the columns narrow a name by, or what only the database adds.
const NOT_THE_FIELD = /^(building|flat|model|tenancy|role)_id_(?=.)|_(live|scope|open)$/g;

/** `flats_building_id_name_key` speaks of `name`, `installations_line_id_unit_id_live_key` of line and unit. */
export function fieldOfIndex(index: string): string {
  const name = index.replace(/^.*\./, '').replace(/_key$/, '');
  const table = TABLES.find((known) => name.startsWith(`${known}_`)) ?? name.slice(0, name.indexOf('_'));
  const columns = name.slice(table.length + 1).replace(NOT_THE_FIELD, '');
  if (columns === 'line_id_unit_id') return 'unitId';
  if (columns === 'user_id_role_id') return 'roleId';
  if (columns === 'poller_host_port') return 'host';
  if (columns === 'poller_serial_path') return 'serialPath';
  return camel(columns);
}

function duplicate(error: DatabaseError): AppError {
  const index = /for key '([^']+)'/.exec(messageOf(error))?.[1];
  const field = index === undefined || index.endsWith('PRIMARY') ? 'id' : fieldOfIndex(index);
  return new Conflict(say('oneThere', field), { fields: { [field]: say('fieldTaken') }, cause: error });
}

function brokenReference(error: DatabaseError): AppError {
  const message = messageOf(error);
  const column = /FOREIGN KEY \(`([^`]+)`\)/.exec(message)?.[1];
  // A row that others point to, against a row that points to nothing.
  if (message.includes('Cannot delete') || column === undefined) {
    return new Conflict(say('stillUsed'), { cause: error });
  }
  const field = camel(column);
  return new InvalidInput({ [field]: say('fieldNotThere') }, { cause: error });
}

/** Null: not an error of the database. */
export function fromDatabaseError(error: unknown): AppError | null {
  if (isDatabaseError(error)) {
    if (error.code === 'P2002') return duplicate(error);
    if (error.code === 'P2003') return brokenReference(error);
    if (error.code === 'P2025') return new AppError('not-found', say('isNotThere'), { status: 404, cause: error });
    return passing(messageOf(error), error, UNREACHABLE.has(error.code));
  }
  return error instanceof Error && error.name === 'SqlError' ? passing(error.message, error) : null;
}

function passing(message: string, cause: Error, isUnreachable = false): AppError | null {
  if (DISK_FULL.test(message)) {
    return new AppError('disk-full', say('diskFull'), { status: 507, retryable: true, cause });
  }
  if (!isUnreachable && !DRIVER_UNREACHABLE.test(message)) return null;
  return new AppError('unavailable', say('databaseAway'), { status: 503, retryable: true, cause });
}
