import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';

const PART = '.part';
const KEY = /^[\w-]{43}$/;

export interface ReportFiles {
  /** Makes a file out of what `fill` writes; only a whole one gets its name. */
  write(fill: (sink: (piece: string | Buffer) => Promise<void>) => Promise<void>): Promise<{ key: string; bytes: number }>;
  /** Null: it is not here. */
  read(key: string): Promise<{ bytes: number; content: Readable } | null>;
  remove(key: string): Promise<void>;
  /** Removes what nobody knows of: halves of a process that died, files whose row is gone. */
  sweep(known: ReadonlySet<string>, olderThanMs: number): Promise<number>;
}

function said(cause: unknown): unknown {
  const { code } = cause as { code?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return cause;
  return new AppError('disk-full', say('fileDiskFull'), {
    status: 507,
    retryable: true,
    cause,
  });
}

/** Files under WATTBOOK_DATA; `openFile` is given by tests only. */
export function makeReportFiles(dataFolder: string, openFile: typeof open = open): ReportFiles {
  const folder = join(dataFolder, 'reports');
  const pathOf = (key: string) => {
    if (!KEY.test(key)) throw new TypeError('this is no key of a file');
    return join(folder, key);
  };
  return {
    async write(fill) {
      const key = randomBytes(32).toString('base64url');
      const path = pathOf(key);
      let bytes = 0;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await openFile(path + PART, 'wx', 0o600);
        try {
          await fill(async (piece) => {
            const content = typeof piece === 'string' ? Buffer.from(piece) : piece;
            for (let at = 0; at < content.length;) at += (await file.write(content, at)).bytesWritten;
            bytes += content.length;
          });
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(path + PART, path);
      } catch (err) {
        await rm(path + PART, { force: true });
        throw said(err);
      }
      return { key, bytes };
    },
    async read(key) {
      const path = pathOf(key);
      const found = await stat(path).catch(() => null);
      return found && { bytes: found.size, content: createReadStream(path) };
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
    async sweep(known, olderThanMs) {
      let removed = 0;
      for (const name of await readdir(folder).catch(() => [])) {
        if (known.has(name)) continue;
        const path = join(folder, name);
        const found = await stat(path).catch(() => null);
        if (found === null || found.mtimeMs >= olderThanMs) continue;
        await rm(path, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}
