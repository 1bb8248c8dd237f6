import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

/** The pages as they are shipped, built into a folder of their own; the caller removes it. */
export async function buildWeb(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-pages-'));
  const configFile = join(import.meta.dirname, '..', '..', 'src', 'web', 'vite.config.ts');
  await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  return folder;
}
