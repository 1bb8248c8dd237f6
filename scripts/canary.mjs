// Proves that the rules of .oxlintrc.json bite: each line below breaks one rule and must be reported, and the
// allowed neighbours must not. Run by check.mjs; the files live only in a temporary folder.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const importOf = (specifier) => `import { canary } from '${specifier}';\nexport const song = canary;\n`;

const FORBIDDEN_IMPORTS = [
  ['src/errors.ts', './store/canary.ts'],
  ['src/domain/bad-folder.ts', '../store/canary.ts'],
  ['src/domain/bad-root.ts', '../config.ts'],
  ['src/domain/bad-package.ts', 'zod'],
  ['src/domain/bad-node.ts', 'node:fs'],
  ['src/domain/slot.ts', 'temporal-polyfill'],
  ['src/domain/time-bucket.ts', 'cron-parser'],
  ...['modbus', 'ingest', 'store', 'queue', 'mail', 'sheets', 'simulator', 'http'].flatMap((adapter) => [
    [`src/${adapter}/bad-caller.ts`, '../use-cases/canary.ts'],
    [`src/${adapter}/bad-neighbour.ts`, adapter === 'store' ? '../queue/canary.ts' : '../store/canary.ts'],
  ]),
  ['src/store/deeper/bad-neighbour.ts', '../../modbus/canary.ts'],
  ['src/use-cases/bad-caller.ts', '../api/canary.ts'],
  ...['scheduler', 'workers', 'api', 'chat', 'admin'].flatMap((door) => [
    [`src/${door}/bad-neighbour.ts`, door === 'api' ? '../admin/canary.ts' : '../api/canary.ts'],
    [`src/${door}/bad-builder.ts`, '../bin/canary.ts'],
  ]),
  ['src/embedded/bad-folder.ts', '../domain/canary.ts'],
  ['src/web/bad-folder.ts', '../store/canary.ts'],
  ['src/web/bad-root.ts', '../config.ts'],
  ['src/web/pages/bad-generated.ts', '../../generated/prisma/client.ts'],
].map(([path, specifier]) => ({ path, source: importOf(specifier) }));

const FORBIDDEN_CODE = [
  ['typescript(no-floating-promises)', 'src/store/bad-floating.ts', 'declare function save(): Promise<void>;\nsave();\nexport {};\n'],
  [
    'typescript(no-misused-promises)',
    'src/store/bad-misused.ts',
    'declare function save(): Promise<void>;\ndeclare function each(act: () => void): void;\neach(save);\nexport {};\n',
  ],
  [
    'typescript(switch-exhaustiveness-check)',
    'src/store/bad-switch.ts',
    "declare const kind: 'a' | 'b';\nswitch (kind) {\n  case 'a':\n    break;\n}\nexport {};\n",
  ],
  ['import(no-cycle)', 'src/store/bad-cycle.ts', "import { other } from './bad-cycle-other.ts';\nexport const one = () => other();\n"],
  [
    'import(no-cycle)',
    'src/store/bad-cycle-other.ts',
    "import { one } from './bad-cycle.ts';\nexport const other = (): unknown => one();\n",
  ],
  ['import(no-default-export)', 'src/store/bad-default.ts', 'export default 1;\n'],
  ['eslint(max-lines)', 'src/store/bad-length.ts', 'export {};\n'.repeat(251)],
  ['node(no-process-env)', 'src/store/bad-env.ts', 'export const port = process.env.PORT;\n'],
  [
    'eslint(preserve-caught-error)',
    'src/store/bad-cause.ts',
    "export function parse(text: string): unknown {\n  try {\n    return JSON.parse(text);\n  } catch (error) {\n    throw new Error('bad');\n  }\n}\n",
  ],
  ['vitest(no-focused-tests)', 'test/bad-only.test.ts', "import { test } from 'vitest';\ntest.only('sings', () => {});\n"],
  ['vitest(no-disabled-tests)', 'test/bad-skip.test.ts', "import { test } from 'vitest';\ntest.skip('sings', () => {});\n"],
].map(([rule, path, source]) => ({ rule, path, source }));

const ALLOWED_IMPORTS = [
  ['src/domain/good.ts', './canary.ts'],
  ['src/store/good-domain.ts', '../domain/canary.ts'],
  ['src/store/good-root.ts', '../config.ts'],
  ['src/store/good-generated.ts', '../generated/prisma/client.ts'],
  ['src/store/good-library.ts', 'mariadb'],
  ['src/use-cases/good.ts', '../store/canary.ts'],
  ['src/api/routes/good.ts', '../../http/canary.ts'],
  ['src/workers/good.ts', '../modbus/canary.ts'],
  ['src/embedded/good.ts', '../logger.ts'],
  ['src/web/pages/good.ts', '../../generated/api-client.ts'],
  ['src/bin/good.ts', '../api/canary.ts'],
].map(([path, specifier]) => ({ path, source: importOf(specifier) }));

/** Answers one sentence per rule that does not do what it should. */
export function runCanary() {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-canary-'));
  try {
    for (const { path, source } of [...FORBIDDEN_IMPORTS, ...FORBIDDEN_CODE, ...ALLOWED_IMPORTS]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), source);
    }
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint');
    const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'json', 'src', 'test'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (!stdout.startsWith('{')) return [`the linter did not run: ${stdout}${stderr}`];
    const reported = JSON.parse(stdout).diagnostics.map(({ code, filename }) => `${code} ${filename}`);
    return [
      ...FORBIDDEN_IMPORTS.filter(({ path }) => !reported.includes(`eslint(no-restricted-imports) ${path}`)).map(
        ({ path, source }) => `${path} may import what it must not: ${source.split('\n')[0]}`,
      ),
      ...FORBIDDEN_CODE.filter(({ rule, path }) => !reported.includes(`${rule} ${path}`)).map(({ rule }) => `${rule} does not bite`),
      ...ALLOWED_IMPORTS.filter(({ path }) => reported.includes(`eslint(no-restricted-imports) ${path}`)).map(
        ({ path, source }) => `${path} is refused what it may import: ${source.split('\n')[0]}`,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
