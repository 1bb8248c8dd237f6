import { createHash } from 'node:crypto';
import type { Connection } from 'mariadb';
import type { ImportProblem } from '../domain/import-problems.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../store/database.ts';

/** A file of any size, wherever it lies; it can be opened more than once. */
export interface ImportFile {
  name: string;
  bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface ImportDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

export type ImportStep = 'reading' | 'checking' | 'storing';

/** How an import is done: a dry run stores nothing. */
export interface ImportRun {
  dryRun: boolean;
  onProgress?(step: ImportStep, done: number, total: number): void;
  /** In the transaction of what is stored, at its end. */
  onStored?(connection: Connection, report: ImportReport): Promise<void>;
}

/** What becomes of one meter's rows. */
export interface ImportedMeter {
  serial: string;
  /** Where it hangs, for people. */
  place: string;
  /** Of the building. */
  zone: string;
  readings: number;
  /** Of these, what is not here yet. */
  fresh: number;
  from: string;
  to: string;
}

export interface ImportReport {
  stored: boolean;
  /** Made by it. */
  buildingId: number | null;
  problems: ImportProblem[];
  /** Also those that are not in the list. */
  problemCount: number;
  notes: string[];
  /** What is made or would be, for people: `6 flats`. */
  made: string[];
  meters: ImportedMeter[];
}

/** The bytes of a file, with its hash in the end and how far it is. */
export function watched(file: ImportFile, onBytes: (done: number) => void): { bytes: AsyncIterable<Uint8Array>; hash(): string } {
  const hash = createHash('sha256');
  async function* pass(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for await (const chunk of file.open()) {
      hash.update(chunk);
      done += chunk.length;
      onBytes(done);
      yield chunk;
    }
    if (done === 0) throw new AppError('empty-file', `${file.name} is empty.`, { status: 400 });
  }
  return { bytes: pass(), hash: () => hash.digest('hex') };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
