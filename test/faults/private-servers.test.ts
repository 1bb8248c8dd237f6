import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mariadb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { poolConfig } from '../../src/store/connector.ts';

const KILLS = 10;
const searchPath = process.env['PATH'] ?? '';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-kill-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes 1, 2, 3, ... until the server is killed in the middle of it; says which were acknowledged. */
async function writeUntilKilled(
  from: number,
  round: number,
  write: (value: number) => Promise<unknown>,
  kill: () => void,
): Promise<number> {
  const killAt = from + 20 + round * 17;
  for (let value = from + 1; ; value += 1) {
    if (value === killAt) kill();
    try {
      await write(value);
    } catch {
      return value - 1;
    }
  }
}

test('ten kills of MariaDB lose no acknowledged row and double none', async () => {
  let acknowledged = 0;
  for (let round = 0; round <= KILLS; round += 1) {
    const server = await startMariadb(folder, { searchPath });
    if (round === 0) {
      const first = await createConnection(poolConfig(server.url('mysql'), 1));
      await first.query('CREATE DATABASE kept');
      await first.query('CREATE TABLE kept.numbers (id INT PRIMARY KEY)');
      await first.end();
    }
    const connection: Connection = await createConnection(poolConfig(server.url('kept'), 1));
    connection.on('error', () => {});
    const [row] = await connection.query<{ count: number; newest: number | null }[]>(
      'SELECT COUNT(*) AS count, MAX(id) AS newest FROM numbers',
    );
    // The row that was under way when the server died may be there; all before it must.
    expect(row?.count).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.count).toBe(row?.newest ?? 0);
    if (round === KILLS) {
      await connection.end();
      await server.stop();
      return;
    }
    const insert = (value: number) => connection.query('INSERT INTO numbers VALUES (?)', [value]);
    acknowledged = await writeUntilKilled(row?.count ?? 0, round, insert, () => void process.kill(server.pid, 'SIGKILL'));
    connection.destroy();
    await server.ended;
  }
});

test('ten kills of Redis lose no acknowledged job and double none', async () => {
  let acknowledged = 0;
  for (let round = 0; round <= KILLS; round += 1) {
    const server = await startRedis(folder, { searchPath });
    const redis = openRedis(server.url(), { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
    const stored = (await redis.lrange('numbers', 0, -1)).map(Number);
    expect(stored.length).toBeGreaterThanOrEqual(acknowledged);
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
    if (round === KILLS) {
      redis.disconnect();
      await server.stop();
      return;
    }
    const push = (value: number) => redis.rpush('numbers', value);
    acknowledged = await writeUntilKilled(stored.length, round, push, () => void process.kill(server.pid, 'SIGKILL'));
    redis.disconnect();
    await server.ended;
  }
});
