// The Node packages, exactly as the lockfile names them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, ROOT, run, step } from './step.mjs';

const OLDEST_NODE = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Refusal(`Wattbook needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version}. Install a newer one: https://nodejs.org`);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** npm writes its own record last: what stands there is wholly installed. */
export function packagesAreInstalled() {
  const wanted = readPackages('package-lock.json');
  if (!wanted) throw new Refusal('package-lock.json is missing or broken: get the whole of Wattbook again.');
  const present = readPackages('node_modules/.package-lock.json');
  if (!present) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || (optional && !present[path]) || (peer && !present[path]) || present[path]?.version === version,
  );
}

export async function installPackages() {
  if (packagesAreInstalled()) return;
  await step('installing the Node packages (npm ci)', () => run('npm', ['ci', '--no-audit', '--no-fund']));
}
