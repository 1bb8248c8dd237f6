import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseCsvText } from '../../src/domain/csv-text.ts';

const run = promisify(execFile);
// Comma, double quote, UTF-8, text as shown, every sheet into a file of its own.
const CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';

/** A folder for files that other programs read. */
export interface OfficeFolder {
  write(name: string, content: Buffer): void;
  /** By LibreOffice. */
  convert(name: string, to: string): Promise<void>;
  converted(name: string): Buffer;
  /** The cells of each sheet of a workbook, as LibreOffice shows them. */
  sheets(name: string, sheets: readonly string[]): Promise<string[][][]>;
  /** The words of a PDF, as Poppler reads them. */
  wordsOf(name: string): Promise<string>;
  remove(): void;
}

export function openOfficeFolder(): OfficeFolder {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-office-'));
  const converted = (name: string) => readFileSync(join(folder, 'out', name));
  const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' };
  async function convert(name: string, to: string): Promise<void> {
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    await run('soffice', [profile, '--headless', '--convert-to', to, '--outdir', join(folder, 'out'), join(folder, name)], { env });
  }
  return {
    write: (name, content) => writeFileSync(join(folder, name), content),
    convert,
    converted,
    async sheets(name, sheets) {
      await convert(name, CSV);
      return sheets.map((sheet) => cellsOf(converted(`${name.replace(/\.[a-z]+$/, '')}-${sheet}.csv`).toString()));
    },
    wordsOf: async (name) => (await run('pdftotext', ['-layout', join(folder, name), '-'], { env })).stdout,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function cellsOf(text: string): string[][] {
  const table = parseCsvText(text);
  if (!table.ok) throw new Error(table.problem);
  return table.rows.map(({ cells }) => cells);
}
