import { copyFileSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 10 * 2 ** 20;

export interface LogFiles {
  /** A descriptor to append to; the caller closes it. */
  open(name: string): number;
  file(name: string): string;
  /** Keeps each file and one predecessor under the size: they are open in append mode, so they can be emptied in place. */
  trim(): void;
}

export function openLogFiles(folder: string): LogFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = new Set<string>();
  const file = (name: string) => join(folder, `${name}.log`);
  return {
    file,
    open(name) {
      known.add(file(name));
      return openSync(file(name), 'a', 0o600);
    },
    trim() {
      for (const path of known) {
        if (statSync(path).size <= LARGEST_BYTES) continue;
        copyFileSync(path, `${path}.1`);
        truncateSync(path);
      }
    },
  };
}
