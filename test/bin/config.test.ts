import { expect, test } from 'vitest';
import { runPoller } from '../../src/bin/poller.ts';
import { runServer } from '../../src/bin/server.ts';
import { parseConfig } from '../../src/config.ts';
import { InvalidInput } from '../../src/errors.ts';

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    parseConfig(env);
    return {};
  } catch (err) {
    if (err instanceof InvalidInput) return { ...err.fields };
    throw err;
  }
}

test('every address that names no server is named at once', () => {
  const bad = { PUBLIC_URL: 'http:', REDIS_URL: 'redis://:x@:y', DATABASE_URL: 'mysql:', SMTP_URL: 'smtp://' };
  expect(problemsOf(bad)).toEqual({
    PUBLIC_URL: 'must be an address with a host, such as http://host.example',
    REDIS_URL: 'must be an address with a host, such as redis://host.example',
    DATABASE_URL: 'must be an address with a host, such as mysql://host.example',
    SMTP_URL: 'must be an address with a host, such as smtp://host.example',
  });
  expect(problemsOf({ REDIS_URL: 'http://host' })).toEqual({ REDIS_URL: 'must start with redis: or rediss: or unix:' });
});

test('a Unix socket needs no host', () => {
  expect(problemsOf({ REDIS_URL: 'unix:///run/redis.sock?db=3', DATABASE_URL: 'mysql:///wattbook?socket=/run/mariadb.sock' })).toEqual({});
  expect(problemsOf({ DATABASE_URL: 'mysql://root@localhost/wattbook?socket=%2Frun%2Fmariadb.sock' })).toEqual({});
  expect(problemsOf({ REDIS_URL: 'unix:' })).toHaveProperty('REDIS_URL');
});

test.each(['abc', '0', '65536', '80.5'])('PORT=%s is told what a port is', (port) => {
  expect(problemsOf({ PORT: port })).toEqual({ PORT: 'must be a whole number from 1 to 65535' });
});

test('a sender needs a mail address', () => {
  expect(problemsOf({ MAIL_FROM: 'Wattbook' })).toHaveProperty('MAIL_FROM');
  expect(problemsOf({ MAIL_FROM: 'Wattbook <power@example.org>' })).toEqual({});
});

test.each([runServer, runPoller])('a bad READ_CRON ends $name before anything is opened', async (run) => {
  const config = parseConfig({ NODE_ENV: 'test', READ_CRON: 'now and then' });
  await expect(run(config)).rejects.toThrow('READ_CRON: takes a cron expression');
});
