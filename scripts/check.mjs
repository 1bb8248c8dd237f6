// The gate, the same here and in CI: formatter, linter, canary, types, dead code, README. Every step runs; the end says what failed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCanary } from './canary.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function bin(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof entry === 'string' ? entry : entry[command]);
}

function run(script, ...args) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status === 0;
}

function canary() {
  const silent = runCanary();
  for (const sentence of silent) console.error(sentence);
  return silent.length === 0;
}

if (!existsSync(join(root, 'node_modules', 'oxlint'))) {
  console.error('The tools are not installed yet. Run `npm ci` first.');
  process.exit(1);
}
const GENERATED = [
  ['database client', ['src/generated/prisma/client.ts', 'src/generated/data-model.json'], ['scripts/prisma.mjs', 'generate']],
  ['API client', ['src/generated/api-client.ts'], ['scripts/make-api-client.mjs']],
  ['chat service', ['src/generated/chat.ts', 'src/generated/chat-client.ts'], ['scripts/make-chat.mjs']],
];
for (const [what, files, [script, ...args]] of GENERATED) {
  if (files.every((file) => existsSync(join(root, file))) || run(join(root, script), ...args)) continue;
  console.error(`The ${what} could not be generated, so nothing was checked.`);
  process.exit(1);
}

const STEPS = [
  ['format', 'run `npx oxfmt`', () => run(bin('oxfmt'), '--check')],
  ['lint', 'see above; `npx oxlint --fix` mends some', () => run(bin('oxlint'))],
  ['canary', 'a rule of .oxlintrc.json no longer bites', canary],
  ['types', 'see above', () => run(bin('typescript', 'tsc'), '--noEmit', '--project', 'tsconfig.json')],
  ['types of the pages', 'see above', () => run(bin('typescript', 'tsc'), '--noEmit', '--project', 'src/web/tsconfig.json')],
  [
    'types of the back office',
    'see above',
    () => run(bin('typescript', 'tsc'), '--noEmit', '--project', 'src/admin/components/tsconfig.json'),
  ],
  ['dead code', 'see above', () => run(bin('knip'))],
  ['configuration table', 'run `node scripts/make-config-table.mjs`', () => run(join(root, 'scripts/make-config-table.mjs'), '--check')],
];
const failed = STEPS.filter(([name, , step]) => {
  console.log(`\n== ${name}`);
  return !step();
});
console.log('');
for (const [name, advice] of failed) console.error(`FAILED ${name}: ${advice}`);
console.log(failed.length === 0 ? 'All checks passed.' : `${failed.length} of ${STEPS.length} checks failed.`);
process.exit(failed.length === 0 ? 0 : 1);
