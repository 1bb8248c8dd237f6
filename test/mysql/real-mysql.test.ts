import { createConnection } from 'mariadb';
import { expect, inject, test } from 'vitest';
import { poolConfig } from '../../src/store/connector.ts';

test('the store is tested on a MySQL, reached over TCP with its own way to log in', async () => {
  const { database: _, ...config } = poolConfig(inject('databaseServerUrl'), 1);
  const connection = await createConnection(config);
  try {
    const [row] = await connection.query<{ version: string; comment: string; plugin: string }[]>(
      'SELECT VERSION() AS version, @@version_comment AS comment, (SELECT plugin FROM mysql.user WHERE user = SUBSTRING_INDEX(CURRENT_USER(), "@", 1)) AS plugin',
    );
    expect(row?.version).toMatch(/^(8|9)\./);
    expect(`${row?.version} ${row?.comment}`).not.toMatch(/mariadb/i);
    expect(row?.plugin).toBe('caching_sha2_password');
  } finally {
    await connection.end();
  }
});
