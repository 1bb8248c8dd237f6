import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error A plain script, since it runs before anything is installed.
import { missingFromLockfile } from '../../scripts/complete-lockfile.mjs';

interface Entry {
  version?: string;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

const missing = missingFromLockfile as (packages: Record<string, Entry>) => Record<string, Entry>;

test('npm ci finds the binaries of every platform in the lockfile (else: node scripts/complete-lockfile.mjs)', () => {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as { packages: Record<string, Entry> };
  expect(missing(lock.packages)).toEqual({});
});

test('a binary that the registry did not serve is added for its platform, beside its parent where another version is at the root', () => {
  const tool = (version: string) => ({ version, optionalDependencies: { '@tool/linux-x64': version, '@tool/win32-x64': version } });
  const packages = {
    '': {},
    'node_modules/tool': tool('2.0.0'),
    'node_modules/@tool/linux-x64': { version: '2.0.0' },
    'node_modules/old/node_modules/tool': tool('1.0.0'),
    'node_modules/old/node_modules/@tool/linux-x64': { version: '1.0.0' },
  };
  expect(missing(packages)).toMatchObject({
    'node_modules/@tool/win32-x64': { version: '2.0.0', os: ['win32'], cpu: ['x64'] },
    'node_modules/old/node_modules/tool/node_modules/@tool/win32-x64': { version: '1.0.0' },
  });
});
