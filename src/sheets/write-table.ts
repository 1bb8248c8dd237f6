import type { CsvStyle } from '../domain/csv-line.ts';
import type { Table } from '../domain/table.ts';
import { csvTable, jsonTable, ndjsonTable, type TableText } from '../domain/table-text.ts';
import { writeTableWorkbook } from './table-workbook.ts';

export const TABLE_FORMATS = ['csv', 'xlsx', 'json', 'ndjson'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Takes a piece of a file; resolves when it wants the next one. */
export type Sink = (piece: string | Buffer) => Promise<void> | void;

/** How it is written, and who is told how much is done. */
export interface TableOptions {
  format: TableFormat;
  style: CsvStyle;
  /** The name of the sheet. */
  title: string;
  onProgress?(done: number): Promise<void>;
}

const BLOCK_LENGTH = 64 * 1024;

/** In blocks, each when the one before was taken: memory stays the same for any number of rows. */
export async function writeTable(table: Table, { format, style, title, onProgress }: TableOptions, sink: Sink): Promise<void> {
  switch (format) {
    case 'csv':
      return writeText(table, csvTable(table.columns, style), sink, onProgress);
    case 'ndjson':
      return writeText(table, ndjsonTable(table.columns), sink, onProgress);
    case 'json':
      return writeText(table, jsonTable(table.columns), sink, onProgress);
    case 'xlsx':
      return writeTableWorkbook(table, title, sink, onProgress);
  }
}

async function writeText({ batches }: Table, text: TableText, sink: Sink, onProgress: TableOptions['onProgress']): Promise<void> {
  let block = text.begin;
  let isFirst = true;
  for await (const { rows, done } of batches) {
    for (const cells of rows) {
      if (!isFirst) block += text.between;
      isFirst = false;
      block += text.row(cells);
      if (block.length < BLOCK_LENGTH) continue;
      const taken = sink(block);
      block = '';
      if (taken) await taken;
    }
    await onProgress?.(done);
  }
  await sink(block + text.end);
}
