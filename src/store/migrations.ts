import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, type Connection, type SqlError } from 'mariadb';
import { AppError } from '../errors.ts';
import { poolConfig } from './connector.ts';
import { splitStatements } from './sql-statements.ts';

/** The same place from src/store and from dist/store. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Prisma's own lock, so that `prisma migrate deploy` and this runner never work at the same time. */
const LOCK = 'prisma_migrate';
const LOCK_TIMEOUT_S = 120;

const UNKNOWN_DATABASE = 1049;

const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at DATETIME(3),
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at DATETIME(3),
  started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`;

interface Migration {
  name: string;
  checksum: string;
  script: string;
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  logs: string | null;
}

export interface MigrateOptions {
  /** Told the name of each migration before it runs. */
  onStep?(name: string): void;
  folder?: string;
}

/** Brings the database up to the newest migration, and creates it if it is missing. */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.folder ?? MIGRATIONS_FOLDER);
  const connection = await connect(databaseUrl);
  try {
    await lock(connection);
    await connection.query(CREATE_HISTORY);
    await undoInterruptedStart(connection, migrations);
    const pending = pendingMigrations(migrations, await readHistory(connection));
    for (const migration of pending) {
      options.onStep?.(migration.name);
      await apply(connection, migration);
    }
    return { applied: pending.map((migration) => migration.name) };
  } finally {
    // The lock ends with the connection.
    await connection.end();
  }
}

/** Names of the migrations that the database still lacks; throws when its history does not fit this program. */
export async function missingMigrations(connection: Pick<Connection, 'query'>, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  const pending = pendingMigrations(await readMigrations(folder), await readHistory(connection));
  return pending.map((migration) => migration.name);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const script = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    }),
  );
}

async function connect(databaseUrl: string): Promise<Connection> {
  // An ALTER TABLE of a large table takes as long as it takes.
  const { database, ...config } = { ...poolConfig(databaseUrl, 1), socketTimeout: 0 };
  try {
    return await createConnection({ ...config, database });
  } catch (error) {
    if ((error as SqlError).errno !== UNKNOWN_DATABASE) throw error;
  }
  const connection = await createConnection(config);
  const name = connection.escapeId(database);
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  await connection.query(`USE ${name}`);
  return connection;
}

async function lock(connection: Connection): Promise<void> {
  const [row] = await connection.query('SELECT GET_LOCK(?, ?) AS got', [LOCK, LOCK_TIMEOUT_S]);
  if (Number(row.got) === 1) return;
  const message = `Another process has been migrating for more than ${LOCK_TIMEOUT_S} s; try again when it is done.`;
  throw new AppError('migration-locked', message, { retryable: true });
}

/** A very first migration that was cut off, by a kill or a power cut, left empty tables at most: they go, and it begins again. */
async function undoInterruptedStart(connection: Connection, migrations: readonly Migration[]): Promise<void> {
  const [row, ...others] = await readHistory(connection);
  const first = migrations.find((migration) => migration.name === row?.migration_name);
  if (!first || others.length > 0 || row?.finished_at !== null || row.logs !== null) return;
  const created = new Set([...first.script.matchAll(/^CREATE TABLE `(\w+)`/gm)].map((match) => match[1]));
  const tables: { name: string }[] = await connection.query(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  const left = tables.filter((table) => created.has(table.name)).map((table) => connection.escapeId(table.name));
  for (const table of left) {
    const rows: unknown[] = await connection.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rows.length > 0) return;
  }
  await connection.query('SET SESSION foreign_key_checks = 0');
  for (const table of left) await connection.query(`DROP TABLE ${table}`);
  await connection.query('SET SESSION foreign_key_checks = 1');
  await connection.query('UPDATE _prisma_migrations SET rolled_back_at = CURRENT_TIMESTAMP(3) WHERE finished_at IS NULL');
}

async function readHistory(connection: Pick<Connection, 'query'>): Promise<HistoryRow[]> {
  return connection.query(
    'SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, id',
  );
}

function pendingMigrations(migrations: readonly Migration[], history: readonly HistoryRow[]): Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of history) {
    const name = row.migration_name;
    if (row.finished_at === null) {
      const cause = row.logs === null ? 'it was interrupted' : row.logs;
      const message =
        `The migration ${name} did not finish (${cause}). Restore the backup; or undo its changes by hand and then run: ` +
        `UPDATE _prisma_migrations SET rolled_back_at = NOW(3) WHERE migration_name = '${name}' AND finished_at IS NULL;`;
      throw new AppError('migration-failed', message);
    }
    const migration = byName.get(name);
    if (!migration) {
      throw new AppError('migration-unknown', `The database has the migration ${name}, which this version lacks: start a newer version.`);
    }
    if (migration.checksum !== row.checksum) {
      const message = `The migration ${name} was edited after it had been applied: put the file back, and make the change a new migration.`;
      throw new AppError('migration-edited', message);
    }
  }
  const applied = new Set(history.map((row) => row.migration_name));
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(connection: Connection, { name, checksum, script }: Migration): Promise<void> {
  const id = randomUUID();
  await connection.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES (?, ?, ?)', [id, checksum, name]);
  for (const statement of splitStatements(script)) {
    try {
      await connection.query(statement);
    } catch (cause) {
      const reason = (cause as SqlError).sqlMessage ?? (cause as Error).message;
      const logs = `${reason}, at: ${statement.slice(0, 500)}`;
      await connection.query('UPDATE _prisma_migrations SET logs = ? WHERE id = ?', [logs, id]);
      throw new AppError('migration-failed', `The migration ${name} failed: ${logs}`, { cause });
    }
  }
  await connection.query('UPDATE _prisma_migrations SET finished_at = CURRENT_TIMESTAMP(3), applied_steps_count = 1 WHERE id = ?', [id]);
}
