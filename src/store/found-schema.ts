import type { Connection } from 'mariadb';

export type Queryable = Pick<Connection, 'query'>;

const HISTORY = '_prisma_migrations';

interface ColumnRow {
  tableName: string;
  name: string;
  type: string;
  nullable: 'YES' | 'NO';
  defaultValue: string | null;
  extra: string;
  expression: string | null;
}

/** What a database is, in the sentences of declared-schema.ts; MariaDB and MySQL spell the same thing differently. */
export async function foundSchema(connection: Queryable): Promise<string[]> {
  const foreignKeys = await foundForeignKeys(connection);
  return [
    ...(await foundTables(connection)),
    ...(await foundColumns(connection)),
    ...foreignKeys.map((key) => key.fact),
    ...(await foundIndexes(connection, new Set(foreignKeys.map((key) => key.name)))),
    ...(await foundChecks(connection)),
    ...(await foundPartitions(connection)),
    ...(await foundViews(connection)),
  ];
}

async function foundTables(connection: Queryable): Promise<string[]> {
  const rows: { name: string; collation: string }[] = await connection.query(
    `SELECT table_name AS name, table_collation AS collation FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name <> ?`,
    [HISTORY],
  );
  return rows.map((row) => `table ${row.name}: ${row.collation}`);
}

async function foundColumns(connection: Queryable): Promise<string[]> {
  const rows: ColumnRow[] = await connection.query(
    `SELECT table_name AS tableName, column_name AS name, column_type AS type, is_nullable AS nullable,
       column_default AS defaultValue, extra AS extra, generation_expression AS expression
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name <> ?`,
    [HISTORY],
  );
  const json = await jsonColumns(connection);
  return rows.map((row) => {
    const type = json.has(`${row.tableName}.${row.name}`) ? 'json' : plainType(row.type);
    const nullability = row.nullable === 'YES' ? 'null' : 'not null';
    return `column ${row.tableName}.${row.name}: ${type} ${nullability}${origin(row)}`;
  });
}

/** MariaDB keeps JSON as a checked text. */
async function jsonColumns(connection: Queryable): Promise<Set<string>> {
  const checks = await checkClauses(connection);
  return new Set(checks.filter(isJsonCheck).map((check) => `${check.tableName}.${check.name}`));
}

/** MariaDB still tells display widths, `int(10) unsigned`. */
function plainType(type: string): string {
  return type === 'tinyint(1)' ? type : type.replace(/^(\w*int)\(\d+\)/, '$1');
}

function origin(row: ColumnRow): string {
  if (row.expression) return ` as ${plainExpression(row.expression)}`;
  const extra = row.extra.toLowerCase();
  if (extra.includes('auto_increment')) return ' auto_increment';
  const onUpdate = extra.includes('on update') ? ` ${extra.slice(extra.indexOf('on update'))}` : '';
  // MariaDB says 'NULL' for none and puts strings in quotes.
  const none = row.defaultValue === null || row.defaultValue === 'NULL';
  return `${none ? '' : ` default ${plainDefault(row.defaultValue ?? '')}`}${onUpdate}`;
}

function plainDefault(value: string): string {
  if (/^current_timestamp/i.test(value)) return value.toLowerCase();
  return value.replace(/^'(.*)'$/s, '$1');
}

/** Without the quotes, brackets and character sets that the two servers add in different places. */
function plainExpression(expression: string): string {
  return expression
    .toLowerCase()
    .replace(/_utf8mb4|\\/g, '')
    .replace(/[`()]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?, ?/g, ',')
    .trim();
}

async function foundForeignKeys(connection: Queryable): Promise<{ name: string; fact: string }[]> {
  const rows: Record<string, string>[] = await connection.query(
    `SELECT r.constraint_name AS name, LOWER(r.delete_rule) AS onDelete, LOWER(r.update_rule) AS onUpdate,
       k.referenced_table_name AS target,
       GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', ') AS fromColumns,
       GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', ') AS toColumns
     FROM information_schema.referential_constraints r
     JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
     WHERE r.constraint_schema = DATABASE()
     GROUP BY r.constraint_name, r.delete_rule, r.update_rule, k.referenced_table_name`,
  );
  return rows.map((row) => ({
    name: String(row['name']),
    fact: `foreign key ${row['name']}: ${row['fromColumns']} to ${row['target']} (${row['toColumns']}) on delete ${row['onDelete']} on update ${row['onUpdate']}`,
  }));
}

/** The server itself makes an index for a foreign key that has none, under the name of the key. */
async function foundIndexes(connection: Queryable, foreignKeys: ReadonlySet<string>): Promise<string[]> {
  const rows: { tableName: string; name: string; plain: number; columnNames: string }[] = await connection.query(
    `SELECT table_name AS tableName, index_name AS name, MAX(non_unique) AS plain,
       GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ') AS columnNames
     FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> ?
     GROUP BY table_name, index_name`,
    [HISTORY],
  );
  return rows
    .filter((row) => !foreignKeys.has(row.name))
    .map((row) => `index ${row.tableName}.${row.name}: ${row.plain ? '' : 'unique '}(${row.columnNames})`);
}

interface CheckRow {
  tableName: string;
  name: string;
  clause: string;
}

async function checkClauses(connection: Queryable): Promise<CheckRow[]> {
  // Only MariaDB's check_constraints knows the table; its names are unique per table, MySQL's per database.
  return connection.query(
    `SELECT t.table_name AS tableName, c.constraint_name AS name, c.check_clause AS clause
     FROM information_schema.check_constraints c
     JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
     WHERE constraint_schema = DATABASE() AND t.constraint_type = 'CHECK'`,
  );
}

function isJsonCheck(check: CheckRow): boolean {
  return check.clause.includes('json_valid');
}

async function foundChecks(connection: Queryable): Promise<string[]> {
  const checks = await checkClauses(connection);
  return checks.filter((check) => !isJsonCheck(check)).map((check) => `check ${check.name}: ${plainExpression(check.clause)}`);
}

async function foundPartitions(connection: Queryable): Promise<string[]> {
  const rows: { tableName: string; method: string; expression: string; last: string }[] = await connection.query(
    `SELECT table_name AS tableName, partition_method AS method, partition_expression AS expression, partition_name AS last
     FROM information_schema.partitions
     WHERE table_schema = DATABASE() AND UPPER(partition_description) = 'MAXVALUE'`,
  );
  return rows.map(
    (row) => `partitions ${row.tableName}: ${row.method.toLowerCase()} ${plainExpression(row.expression)}, the last one ${row.last}`,
  );
}

/** The names of its columns are what a view promises to whoever reads it. */
async function foundViews(connection: Queryable): Promise<string[]> {
  const rows: { name: string; security: string; columnNames: string }[] = await connection.query(
    `SELECT v.table_name AS name, LOWER(v.security_type) AS security,
       GROUP_CONCAT(c.column_name ORDER BY c.ordinal_position SEPARATOR ', ') AS columnNames
     FROM information_schema.views v JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE table_schema = DATABASE() GROUP BY v.table_name, v.security_type`,
  );
  return rows.map((row) => `view ${row.name} read as its ${row.security}: ${row.columnNames}`);
}
