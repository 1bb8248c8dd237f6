import { aboutFile, type CellTable, type Finding } from '../domain/cell-table.ts';
import { readWorkbook } from './read-workbook.ts';

export type ReadTables =
  | { ok: true; kind: 'workbook'; tables: CellTable[]; notes: Finding[] }
  | { ok: true; kind: 'text'; text: string; notes: Finding[] }
  | { ok: false; problem: string };

export const MOST_FILE_BYTES = 2 * 1024 * 1024;

const ZIP = Buffer.from('PK');
// Old Excel files, and new ones behind a password, are compound files.
const COMPOUND = Buffer.from('D0CF11E0A1B11AE1', 'hex');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** A file of people: a spreadsheet by its first bytes, otherwise text in whatever encoding Excel saves it. */
export async function readTables(bytes: Buffer): Promise<ReadTables> {
  if (bytes.length === 0) return refusal('is empty');
  if (bytes.length > MOST_FILE_BYTES) return refusal(`is larger than ${MOST_FILE_BYTES / 1024 / 1024} MB: no table of registers is`);
  if (bytes.subarray(0, 2).equals(ZIP)) {
    const workbook = await readWorkbook(bytes);
    return workbook.ok ? { ...workbook, kind: 'workbook', notes: [] } : workbook;
  }
  if (bytes.subarray(0, COMPOUND.length).equals(COMPOUND)) {
    return refusal(
      bytes.includes(ENCRYPTED)
        ? 'is protected by a password: remove it and save the file again'
        : 'is in the format of Excel before 2007 (.xls): save it as .xlsx or as CSV',
    );
  }
  return readText(bytes);
}

const refusal = (problem: string): ReadTables => ({ ok: false, problem });

function readText(bytes: Buffer): ReadTables {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  const decoded = decode(bytes, encoding);
  const text = decoded ?? decode(bytes, 'windows-1252') ?? '';
  if (text.includes('\0')) return refusal('is neither a spreadsheet nor text: send an .xlsx or a CSV file');
  const note = 'The file is not in UTF-8: it is read as Windows-1252, as Excel saves CSV. Look at umlauts and signs such as °';
  return { ok: true, kind: 'text', text, notes: decoded === null ? [aboutFile(note)] : [] };
}

/** Without the byte order mark; null when it is not in this encoding. */
function decode(bytes: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
