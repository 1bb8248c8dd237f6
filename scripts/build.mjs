// Makes src/generated and dist/ from the sources; what has not changed is not made again.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isAlive, main, Refusal, ROOT, run, step } from './step.mjs';

const STAMPS = join(ROOT, 'var', 'build');
const LOCK = join(STAMPS, 'lock');

const isPage = (file) => file.startsWith('src/web/') || file.startsWith('src/admin/components/');

const STEPS = [
  {
    name: 'database client',
    inputs: ['prisma', 'prisma.config.ts', 'scripts/prisma.mjs', 'scripts/dump-data-model.mjs', 'package-lock.json'],
    outputs: ['src/generated/data-model.json', 'src/generated/prisma/client.ts'],
    make: () => run(process.execPath, ['scripts/prisma.mjs', 'generate']),
  },
  {
    name: 'API client',
    inputs: ['scripts/make-api-client.mjs', 'src/api', 'src/http', 'src/domain', 'src/queue', 'src/use-cases', 'src/store'],
    outputs: ['src/generated/api-client.ts'],
    make: () => run(process.execPath, ['scripts/make-api-client.mjs']),
  },
  {
    name: 'chat service',
    inputs: ['scripts/make-chat.mjs', 'proto', 'package-lock.json'],
    outputs: ['src/generated/chat.ts', 'src/generated/chat-client.ts'],
    make: () => run(process.execPath, ['scripts/make-chat.mjs']),
  },
  {
    name: 'server',
    inputs: ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    leaveOut: isPage,
    outputs: ['dist/bin/wattbook.js'],
    make: compile,
  },
  {
    name: 'pages',
    inputs: ['src/web', 'src/domain', 'src/generated', 'package-lock.json'],
    leaveOut: (file) => file.startsWith('src/generated/prisma/'),
    outputs: ['dist/web/index.html'],
    make: () =>
      run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn']),
  },
  {
    name: 'back office',
    inputs: ['src/admin', 'scripts/bundle-admin.mjs', 'package-lock.json'],
    outputs: ['dist/admin/components.bundle.js', 'dist/generated/data-model.json'],
    make: () => run(process.execPath, ['scripts/bundle-admin.mjs']),
  },
];

async function compile() {
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  const sources = filesUnder(join(ROOT, 'src'))
    .map((file) => relative(join(ROOT, 'src'), file))
    .filter((file) => !isPage(`src/${file}`));
  const kept = new Set();
  for (const file of sources) {
    const target = join(ROOT, 'dist', file.replace(/\.tsx?$/, '.js'));
    kept.add(target).add(`${target}.map`);
    if (!['.ts', '.tsx'].includes(extname(file))) cpSync(join(ROOT, 'src', file), target);
  }
  chmodSync(join(ROOT, 'dist', 'bin', 'wattbook.js'), 0o755);
  // A module that is gone from the sources must not live on.
  const web = join(ROOT, 'dist', 'web');
  for (const file of filesUnder(join(ROOT, 'dist'))) {
    if (!kept.has(file) && !file.startsWith(web) && !file.endsWith('.bundle.js')) rmSync(file);
  }
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

function fingerprint({ inputs, leaveOut = () => false }) {
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap((input) => filesUnder(join(ROOT, input)))) {
    const name = relative(ROOT, file);
    if (!leaveOut(name)) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function lock() {
  mkdirSync(STAMPS, { recursive: true });
  for (;;) {
    try {
      const file = openSync(LOCK, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (err) {
      if (err.code !== 'EEXIST') throw new Refusal(`Cannot write to ${dirname(LOCK)}: ${err.message}`, { cause: err });
    }
    const holder = readText(LOCK);
    // An empty lock is being written at this moment.
    if (holder === '' || isAlive(Number(holder))) await wait(200);
    else rmSync(LOCK, { force: true });
  }
}

const stampOf = (part) => join(STAMPS, part.name.replaceAll(' ', '-'));

function isCurrent(part) {
  return readText(stampOf(part)) === fingerprint(part) && part.outputs.every((output) => existsSync(join(ROOT, output)));
}

export async function build() {
  // What is built already may lie in a folder that this user cannot write to.
  if (STEPS.every(isCurrent)) return;
  await lock();
  try {
    for (const part of STEPS) {
      if (isCurrent(part)) continue;
      rmSync(stampOf(part), { force: true });
      const wanted = fingerprint(part);
      await step(`building: ${part.name}`, part.make);
      writeFileSync(stampOf(part), wanted);
    }
  } finally {
    rmSync(LOCK, { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(build);
