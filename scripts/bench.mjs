// `npm run bench -- NAME [arguments]`: compiles bench/ with the sources and runs bench/NAME.ts on private servers of its own.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { checkNode, installPackages } from './install.mjs';
import { provision } from './provision.mjs';
import { main, Refusal, ROOT, run, step } from './step.mjs';

const OUTPUT = join(ROOT, 'var', 'bench');
const MORE_NEEDS = { mqtt: ['mosquitto'] };

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = readdirSync(join(ROOT, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  if (!names.includes(name)) throw new Refusal(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  checkNode();
  await installPackages();
  await build();
  await provision(['mariadb', 'redis', ...(MORE_NEEDS[name] ?? [])]);
  await step('compiling the benches', () => run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json']));
  // The compiled sources find their data where the real ones do.
  for (const entry of ['prisma', 'meters', 'package.json', 'src/generated/data-model.json', 'dist']) {
    if (!existsSync(join(OUTPUT, entry))) symlinkSync(join(ROOT, entry), join(OUTPUT, entry));
  }
  const child = spawn(process.execPath, [join(OUTPUT, 'bench', `${name}.js`), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TZ: 'UTC' },
  });
  process.on('SIGINT', () => {});
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
