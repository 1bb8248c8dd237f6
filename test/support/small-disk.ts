import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  /** So much is left, and not a byte more. */
  fillUpTo(leftBytes: number): void;
  free(): void;
  unmount(): void;
}

/** A disk of its own, in memory, under that folder. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'wattbook-test', folder], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error('A disk that can be filled is a tmpfs: this test needs root on Linux, with the right to mount.', { cause });
  }
  const ballast = join(folder, 'ballast');
  const free = () => rmSync(ballast, { force: true });
  return {
    fillUpTo(leftBytes) {
      free();
      const { bavail, bsize } = statfsSync(folder);
      execFileSync('fallocate', ['--length', String(bavail * bsize - leftBytes), ballast], { stdio: 'pipe' });
    },
    free,
    unmount: () => void execFileSync('umount', [folder], { stdio: 'pipe' }),
  };
}
