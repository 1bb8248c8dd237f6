import { sayFinding } from '../../src/domain/cell-table.ts';
import type { MeterModel } from '../../src/domain/meter-model.ts';
import { readModelFile, type AskedModelFile, type ReadModelFile } from '../../src/domain/model-file.ts';
import { readTables } from '../../src/sheets/read-tables.ts';

export async function read(bytes: Buffer | string, asked: Partial<AskedModelFile> = {}): Promise<ReadModelFile> {
  const content = await readTables(Buffer.from(bytes));
  if (!content.ok) throw new Error(content.problem);
  return readModelFile(content, { name: 'a-meter.csv', ...asked });
}

export const said = ({ problems }: ReadModelFile): string[] => problems.map(sayFinding);

export async function modelOf(bytes: Buffer | string, asked: Partial<AskedModelFile> = {}): Promise<MeterModel> {
  const found = await read(bytes, asked);
  const [first] = found.models;
  if (first === undefined) throw new Error(said(found).join('\n'));
  return first.model;
}
