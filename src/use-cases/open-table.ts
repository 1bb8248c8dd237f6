import type { CsvStyle } from '../domain/csv-line.ts';
import type { Actor } from '../domain/permission.ts';
import type { Batch, Cell, Column } from '../domain/table.ts';
import { writeTable } from '../sheets/write-table.ts';
import { recordActivity } from '../store/activities.ts';
import type { OpenDownload } from './open-download.ts';
import type { DownloadDeps } from './plan-download.ts';

interface SmallTable {
  buildingId: number;
  /** Without ending. */
  name: string;
  /** For the activity. */
  detail: string;
  columns: Column[];
  rows: Cell[][];
}

/** What a page shows is in memory anyway: it is noted with who takes it, and needs no process of its own. */
export async function openTable(deps: DownloadDeps, actor: Actor, table: SmallTable, style: CsvStyle): Promise<OpenDownload> {
  const { buildingId, name, detail, columns, rows } = table;
  await recordActivity(deps.database.prisma, actor, { action: 'download', subject: `building-${buildingId}`, detail });
  async function* batches(): AsyncGenerator<Batch> {
    yield { rows, done: 1 };
  }
  return {
    name: `${name}.csv`,
    format: 'csv',
    send: (sink) => writeTable({ columns, batches: batches() }, { format: 'csv', style, title: name }, sink),
  };
}
