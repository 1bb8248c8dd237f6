// Adds to package-lock.json what npm leaves out when a registry does not serve the binaries of other platforms:
// without their entries `npm ci` refuses the lockfile, also where they would never be installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './step.mjs';

const FILE = join(ROOT, 'package-lock.json');
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/** The binaries are named after what they run on: binding-linux-arm-gnueabihf. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : [];
  return { ...(cpu.length > 0 && { cpu }), ...(os.length > 0 && { os }), ...(libc.length > 0 && { libc }) };
}

/** Where Node would find it from there: the path, or null. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return null;
    if (!folder.includes('/node_modules/')) folder = '/node_modules/';
  }
}

export function missingFromLockfile(packages) {
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const version = range.replace(/^[~^]/, '');
      const known = resolve({ ...packages, ...missing }, path, name);
      const found = known === null ? null : (packages[known] ?? missing[known]);
      if (found && (found.version === version || range !== version)) continue;
      const place = known === null ? `node_modules/${name}` : `${path}/node_modules/${name}`;
      missing[place] = { version, ...(entry.dev && { dev: true }), ...platformOf(name), optional: true };
    }
  }
  return missing;
}

const isMain = process.argv[1]?.endsWith('complete-lockfile.mjs');
if (isMain) {
  const lock = JSON.parse(readFileSync(FILE, 'utf8'));
  const missing = missingFromLockfile(lock.packages);
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`Added ${Object.keys(missing).length} entries.`);
}
