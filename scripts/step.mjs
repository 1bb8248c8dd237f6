// Long steps show that they are alive; what a command says is kept, and shown only when it fails.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** A sentence for a person; no stack trace belongs to it. */
export class Refusal extends Error {}

export async function step(title, action) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY;
  process.stdout.write(live ? `  ${title} ...` : `  ${title} ...\n`);
  const timer = live ? setInterval(() => process.stdout.write(`\r  ${title} ... ${seconds()} `), 500) : undefined;
  try {
    const result = await action();
    process.stdout.write(`${live ? '\r\u001b[K' : ''}  ${title}: done in ${seconds()}\n`);
    return result;
  } catch (err) {
    process.stdout.write(`${live ? '\r\u001b[K' : ''}  ${title}: failed after ${seconds()}\n`);
    throw err;
  } finally {
    clearInterval(timer);
  }
}

export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const said = [];
    child.stdout?.on('data', (bytes) => said.push(bytes));
    child.stderr?.on('data', (bytes) => said.push(bytes));
    child.once('error', (cause) => reject(new Refusal(`${program} does not start: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => {
      const text = Buffer.concat(said).toString();
      if (code === 0) return resolve(text);
      reject(new Refusal(`${excerpt(text)}\n${[program, ...args].join(' ')} failed (${signal ?? code}).`));
    });
  });
}

/** A killed process that nobody has collected, as happens in containers, is not alive. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (err) {
    return err.code === 'EPERM';
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

const EXCERPT_LINES = 15;

/** The first lines say what is wrong, the last ones where it ended. */
function excerpt(text) {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= 2 * EXCERPT_LINES) return lines.join('\n');
  return [...lines.slice(0, EXCERPT_LINES), '...', ...lines.slice(-EXCERPT_LINES)].join('\n');
}

/** Runs a script's main function: a Refusal is one sentence and exit code 1. */
export async function main(action) {
  try {
    await action();
  } catch (err) {
    if (!(err instanceof Refusal)) throw err;
    console.error(`\n${err.message}`);
    process.exit(1);
  }
}
