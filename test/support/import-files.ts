import { consoleActor } from '../../src/domain/permission.ts';
import type { ImportFile } from '../../src/use-cases/data-import.ts';

export const importer = consoleActor();

/** A file in memory, handed out in small pieces that end wherever they end. */
export function importFile(content: string | Uint8Array, name = 'old.csv', piece = 1_009): ImportFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name,
    bytes: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}
