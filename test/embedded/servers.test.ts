import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mariadb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { runFolder } from '../../src/embedded/server-process.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { poolConfig } from '../../src/store/connector.ts';

const searchPath = process.env['PATH'] ?? '';
let folder: string;
let dataFolder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook embedded '));
  // Longer than a socket's path may be, and with what shells trip over.
  dataFolder = join(folder, `a 'quoted' ${'long '.repeat(16)}folder`, 'data');
});

afterEach(() => {
  // The sockets of a folder with so long a path lie elsewhere.
  rmSync(runFolder(dataFolder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function query<T>(url: string, sql: string): Promise<T> {
  const connection = await createConnection(poolConfig(url, 1));
  try {
    return await connection.query<T>(sql);
  } finally {
    await connection.end();
  }
}

test('MariaDB keeps its rows over a stop and over a kill, in a folder with spaces', async () => {
  const first = await startMariadb(dataFolder, { searchPath });
  await query(first.url('mysql'), 'CREATE DATABASE kept');
  await query(first.url('kept'), 'CREATE TABLE one (id INT PRIMARY KEY)');
  await query(first.url('kept'), 'INSERT INTO one VALUES (1)');
  await first.stop();
  const second = await startMariadb(dataFolder, { searchPath });
  await query(second.url('kept'), 'INSERT INTO one VALUES (2)');
  process.kill(second.pid, 'SIGKILL');
  await second.ended;
  const third = await startMariadb(dataFolder, { searchPath });
  expect(await query(third.url('kept'), 'SELECT id FROM one ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  await third.stop();
});

test('MariaDB listens on its socket only and tells the time in UTC', async () => {
  const server = await startMariadb(dataFolder, { searchPath });
  const rows = await query(server.url('mysql'), 'SELECT @@skip_networking AS closed, @@session.time_zone AS zone');
  expect(rows).toEqual([{ closed: 1, zone: '+00:00' }]);
  await server.stop();
});

test('a server that starts leaves the temporary tables of another one alone', async () => {
  const first = await startMariadb(dataFolder, { searchPath, durable: false });
  const connection = await createConnection(poolConfig(first.url('mysql'), 1));
  await connection.query('CREATE TEMPORARY TABLE passing (id INT PRIMARY KEY) ENGINE = Aria');
  const otherFolder = join(folder, 'other');
  const second = await startMariadb(otherFolder, { searchPath, durable: false });
  await connection.query('INSERT INTO passing VALUES (1)');
  await connection.query('DROP TEMPORARY TABLE passing');
  await connection.end();
  await Promise.all([first.stop(), second.stop()]);
  rmSync(runFolder(otherFolder), { recursive: true, force: true });
});

test('a second start ends the servers that a killed launcher left behind', async () => {
  const leftDatabase = await startMariadb(dataFolder, { searchPath });
  const leftRedis = await startRedis(dataFolder, { searchPath });
  const database = await startMariadb(dataFolder, { searchPath });
  const redis = await startRedis(dataFolder, { searchPath });
  await Promise.all([leftDatabase.ended, leftRedis.ended]);
  expect(database.pid).not.toBe(leftDatabase.pid);
  expect(await query(database.url('mysql'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await Promise.all([database.stop(), redis.stop()]);
});

test('Redis keeps what it acknowledged over a kill, in a folder with spaces', async () => {
  const first = await startRedis(dataFolder, { searchPath });
  const before = openRedis(first.url(3), { retryStrategy: () => null });
  await before.set('kept', 'yes');
  before.disconnect();
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const second = await startRedis(dataFolder, { searchPath });
  const after = openRedis(second.url(3));
  expect(await after.get('kept')).toBe('yes');
  expect(await after.config('GET', 'maxmemory-policy')).toMatchObject(['maxmemory-policy', 'noeviction']);
  expect(await after.config('GET', 'port')).toMatchObject(['port', '0']);
  after.disconnect();
  await second.stop();
});

test('a server that cannot start says why', async () => {
  const server = await startMariadb(dataFolder, { searchPath });
  await server.stop();
  rmSync(join(dataFolder, 'mariadb', 'mysql'), { recursive: true });
  await expect(startMariadb(dataFolder, { searchPath })).rejects.toThrow(
    /private MariaDB does not start.*(doesn't exist|Can't open).*mariadb\.log/,
  );
});
