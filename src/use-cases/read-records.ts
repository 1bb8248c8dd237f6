import { openRecords, type CsvRecord } from '../domain/csv-record.ts';
import type { ImportProblems } from '../domain/import-problems.ts';
import { linesOf } from '../sheets/text-lines.ts';
import { watched, type ImportFile } from './data-import.ts';

export interface PlacedRecord<C extends string> {
  line: number;
  /** Where it stands, for people. */
  place: string;
  cells: CsvRecord<C>;
}

/** Also what is none has its turn, so that errors are said in the order of the file. */
type ReadRecord<C extends string> = ({ ok: true } & PlacedRecord<C>) | { ok: false; place: string; problem: string };

interface Wanted<C extends string> {
  needed: readonly C[];
  optional?: readonly C[];
  problems: ImportProblems;
  onBytes?(done: number): void;
}

/** A table as it was exported, some thousand rows at a time; `hash` is that of the whole file. A heading that comes again is a heading. */
export async function* readRecords<const C extends string>(
  file: ImportFile,
  { needed, optional = [], problems, onBytes = () => {} }: Wanted<C>,
): AsyncGenerator<ReadRecord<C>[], { hash: string }> {
  const { bytes, hash } = watched(file, onBytes);
  let heading = '';
  let read: ReturnType<typeof openRecords<C>> | null = null;
  for await (const lines of linesOf(bytes)) {
    const records: ReadRecord<C>[] = [];
    for (const { line, text } of lines) {
      const place = `${file.name} line ${line}`;
      if (read === null) {
        heading = text;
        read = openRecords(text, { needed, optional });
        if (!read.ok) problems.add(place, read.problem);
      }
      if (!read.ok) return { hash: hash() };
      if (text === heading) continue;
      const record = read.value(text);
      records.push(record.ok ? { ok: true, line, place, cells: record.value } : { ok: false, place, problem: record.problem });
    }
    yield records;
  }
  return { hash: hash() };
}

/** The whole of a small one. */
export async function readTable<const C extends string>(file: ImportFile, wanted: Wanted<C>): Promise<PlacedRecord<C>[]> {
  const all: PlacedRecord<C>[] = [];
  for await (const some of readRecords(file, wanted)) {
    for (const record of some) {
      if (record.ok) all.push(record);
      else wanted.problems.add(record.place, record.problem);
    }
  }
  return all;
}
