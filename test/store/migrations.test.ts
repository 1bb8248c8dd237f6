import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mariadb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { poolConfig } from '../../src/store/connector.ts';
import { migrate, missingMigrations } from '../../src/store/migrations.ts';
import { newDatabaseUrl } from '../support/services.ts';

let url: string;
let folder: string;

beforeEach(async () => {
  url = newDatabaseUrl();
  folder = await mkdtemp(join(tmpdir(), 'wattbook-migrations-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await query(`DROP DATABASE \`${new URL(url).pathname.slice(1)}\``);
});

async function write(name: string, script: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), script);
}

async function query<T>(sql: string): Promise<T[]> {
  const connection = await createConnection(poolConfig(url, 1));
  try {
    return await connection.query(sql);
  } finally {
    await connection.end();
  }
}

const history = () => query<Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY started_at');

test('a missing database is created and brought up to date; a second run changes nothing', async () => {
  const steps: string[] = [];
  const all = (await readdir('prisma/migrations')).filter((name) => /^\d{14}_/.test(name)).toSorted();
  expect(all.length).toBeGreaterThan(1);
  expect(await migrate(url, { onStep: (name) => steps.push(name) })).toEqual({ applied: all });
  expect(steps).toEqual(all);
  const before = await history();
  expect(await migrate(url)).toEqual({ applied: [] });
  expect(await history()).toEqual(before);
});

test('the history reads as if Prisma had written it', async () => {
  await write('1_one', 'CREATE TABLE a (id INT);\nCREATE TABLE b (id INT);\n');
  await migrate(url, { folder });
  expect(await history()).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: 'c73f0ff7369e4b32a3af768c527f27de53b571545793e09512dd2dde990d0f18',
      migration_name: '1_one',
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    },
  ]);
});

test('two runners at once apply each migration once', async () => {
  await write('1_one', 'CREATE TABLE a (id INT); DO SLEEP(0.2); INSERT INTO a VALUES (1);');
  const results = await Promise.all([migrate(url, { folder }), migrate(url, { folder })]);
  expect(results.map(({ applied }) => applied).toSorted((a, b) => a.length - b.length)).toEqual([[], ['1_one']]);
  expect(await query('SELECT * FROM a')).toEqual([{ id: 1 }]);
});

test('a failed migration keeps its error and blocks all that follow', async () => {
  await write('1_one', 'CREATE TABLE a (id INT); CREATE TABLE a (id INT);');
  await expect(migrate(url, { folder })).rejects.toThrow(/^The migration 1_one failed: Table 'a' already exists/);
  await write('1_one', 'DROP TABLE a;');
  await write('2_two', 'CREATE TABLE b (id INT);');
  await expect(migrate(url, { folder })).rejects.toThrow(
    /^The migration 1_one did not finish \(Table 'a' already exists.*Restore the backup/,
  );
  await query('UPDATE _prisma_migrations SET rolled_back_at = NOW(3)');
  expect(await migrate(url, { folder })).toEqual({ applied: ['1_one', '2_two'] });
});

test('a first migration that was cut off begins again, unless somebody has written since', async () => {
  await write('1_one', 'CREATE TABLE `a` (id INT);\nCREATE TABLE `b` (id INT);\n');
  await migrate(url, { folder });
  const cutOff = 'UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0 WHERE rolled_back_at IS NULL';
  await query('DROP TABLE b');
  await query(cutOff);
  expect(await migrate(url, { folder })).toEqual({ applied: ['1_one'] });

  await query('INSERT INTO b VALUES (1)');
  await query(cutOff);
  await expect(migrate(url, { folder })).rejects.toThrow('The migration 1_one did not finish (it was interrupted)');
  expect(await query('SELECT id FROM b')).toEqual([{ id: 1 }]);
});

test('a later migration that was cut off blocks', async () => {
  await write('1_one', 'CREATE TABLE `a` (id INT);');
  await write('2_two', 'CREATE TABLE `b` (id INT);');
  await migrate(url, { folder });
  await query("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_two'");
  await expect(migrate(url, { folder })).rejects.toThrow('The migration 2_two did not finish (it was interrupted)');
  expect(await query('SELECT * FROM b')).toEqual([]);
});

test('an applied migration that was edited, or that this version lacks, is refused', async () => {
  await write('1_one', 'CREATE TABLE a (id INT);');
  await migrate(url, { folder });
  await write('1_one', 'CREATE TABLE a (id BIGINT);');
  await expect(migrate(url, { folder })).rejects.toThrow('The migration 1_one was edited after it had been applied');
  await rm(join(folder, '1_one'), { recursive: true });
  await expect(migrate(url, { folder })).rejects.toThrow('The database has the migration 1_one, which this version lacks');
});

test('what is still to be applied can be asked for', async () => {
  await write('1_one', 'CREATE TABLE a (id INT);');
  await migrate(url, { folder });
  await write('2_two', 'CREATE TABLE b (id INT);');
  const connection = await createConnection(poolConfig(url, 1));
  try {
    expect(await missingMigrations(connection, folder)).toEqual(['2_two']);
  } finally {
    await connection.end();
  }
});
