import type { PoolConfig, TypeCastFunction } from 'mariadb';

/** The default of MySQL, also where the server was configured to store -5 as 0. */
const SQL_MODE = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

// The connector would take a DATETIME for local time, whatever its `timezone` says. It also binds a Date that way: bind
// sql-time.ts's text instead.
const readInUtc: TypeCastFunction = (column, next) => {
  if (column.type !== 'DATETIME') return next();
  const text = column.string();
  return text === null ? null : new Date(`${text.replace(' ', 'T')}Z`);
};

/** Query options for many or wide rows: arrays of numbers and text, times as `2026-11-20 12:00:00.000`, JSON unparsed. */
export const PLAIN_ROWS = { rowsAsArray: true, dateStrings: true, autoJsonMap: false, jsonStrings: true, typeCast: undefined } as const;

/** `mysql://user:password@host:port/name`, or with `?socket=/path`. Values are UTC in both directions. */
export function poolConfig(databaseUrl: string, connections: number): PoolConfig & { database: string } {
  const url = new URL(databaseUrl);
  const socketPath = url.searchParams.get('socket') ?? undefined;
  return {
    ...(socketPath ? { socketPath } : { host: url.hostname, port: Number(url.port || 3306), allowPublicKeyRetrieval: true }),
    user: decodeURIComponent(url.username) || 'root',
    password: decodeURIComponent(url.password) || undefined,
    database: decodeURIComponent(url.pathname.slice(1)),
    connectionLimit: connections,
    acquireTimeout: 5_000,
    connectTimeout: 3_000,
    // A quiet connection counts as a hung one after a minute, so an idle one is let go before.
    socketTimeout: 60_000,
    idleTimeout: 30,
    minimumIdle: 1,
    timezone: 'Z',
    prepareCacheLength: 0,
    bigIntAsNumber: true,
    insertIdAsNumber: true,
    // A whole number beyond 2^53 is an error, never a rounded value.
    checkNumberRange: true,
    charset: 'utf8mb4',
    typeCast: readInUtc,
    sessionVariables: { sql_mode: SQL_MODE },
  };
}
