import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../errors.ts';

const MARK = 'wattbook.json';
const FIRST_RUN_BYTES = 600 * 2 ** 20;
const LATER_RUN_BYTES = 100 * 2 ** 20;

export interface DataFolder {
  path: string;
  /** `null` until the first start has gone through. */
  demo: boolean | null;
}

/** Whether an earlier start made it. */
export function isDataFolder(given: string): boolean {
  return existsSync(join(resolve(given), MARK));
}

/** The folder of everything that `npm start` keeps; refuses one that it did not make. */
export function openDataFolder(given: string): DataFolder {
  const path = resolve(given);
  const advice = 'Choose another one with WATTBOOK_DATA.';
  const isNew = !existsSync(path);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const real = realpathSync(path);
    const mark = join(real, MARK);
    if (!existsSync(mark)) {
      if (readdirSync(real).length > 0) throw new AppError('foreign-folder', `${path} holds files that are not Wattbook's. ${advice}`);
      requireSpace(real, FIRST_RUN_BYTES);
      writePrivately(mark, { demo: null });
    }
    // Tells "not writable" before anything has begun.
    writeFileSync(join(real, '.writable'), '');
    rmSync(join(real, '.writable'));
    const { demo } = JSON.parse(readFileSync(mark, 'utf8')) as { demo: boolean | null };
    requireSpace(real, LATER_RUN_BYTES);
    return { path: real, demo };
  } catch (err) {
    if (isNew) rmSync(path, { recursive: true, force: true });
    if (err instanceof AppError) throw err;
    throw new AppError('bad-folder', `The data folder ${path} cannot be used: ${(err as Error).message}. ${advice}`, { cause: err });
  }
}

/** From now on the folder is known as one with a demo, or as an empty one that people fill. */
export function rememberDemo(folder: string, demo: boolean): void {
  writePrivately(join(folder, MARK), { demo });
}

function requireSpace(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= neededBytes) return;
  const [free, needed] = [bavail * bsize, neededBytes].map((bytes) => `${Math.floor(bytes / 2 ** 20)} MB`);
  throw new AppError(
    'disk-full',
    `The disk of ${folder} has ${free} free and ${needed} are needed. Make room, or choose another folder with WATTBOOK_DATA.`,
  );
}

/** Readable by its owner only, and never half-written. */
export function writePrivately(file: string, content: unknown): void {
  writeFileSync(`${file}.part`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Made once, so that people stay logged in over a restart. */
export function keepSecret(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writePrivately(file, randomBytes(32).toString('base64url'));
  return JSON.parse(readFileSync(file, 'utf8')) as string;
}
