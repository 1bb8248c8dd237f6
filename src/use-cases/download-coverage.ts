import type { CsvStyle } from '../domain/csv-line.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import type { Actor } from '../domain/permission.ts';
import { column, type Cell } from '../domain/table.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { demand } from './access.ts';
import type { OpenDownload } from './open-download.ts';
import { openTable } from './open-table.ts';
import { fileNameOf } from './plan-download.ts';
import { showCoverage, type BuildingCoverage } from './show-coverage.ts';

/** A row for each stretch of quarter hours that are alike. */
function rowsOf({ zone, fromMs, items }: BuildingCoverage): Cell[][] {
  return items.flatMap(({ serial, flat, runs }) => {
    let atMs = fromMs;
    return runs.map(({ state, reason, count }): Cell[] => {
      const startMs = atMs;
      atMs += count * QUARTER_HOUR_MS;
      return [serial, flat.name, isoLocal(startMs, zone), isoLocal(atMs, zone), count, state, reason];
    });
  });
}

/** How each meter was read on a day, as CSV, for whoever may download. */
export async function downloadCoverage(
  deps: Parameters<typeof showCoverage>[0],
  actor: Actor,
  { style, ...input }: { buildingId: number; day?: string | undefined; style: CsvStyle },
): Promise<OpenDownload> {
  const coverage = await showCoverage(deps, actor, input);
  demand(actor, 'reading:download', { buildingId: input.buildingId });
  const rows = rowsOf(coverage);
  const table = {
    buildingId: input.buildingId,
    name: fileNameOf('coverage', '', coverage.day),
    detail: `coverage of ${coverage.items.length} meters, ${coverage.day}, csv`,
    columns: [
      ...[column('meter'), column('flat'), column('from', 'moment'), column('to', 'moment')],
      ...[column('quarter_hours', 'number'), column('state'), column('reason')],
    ],
    rows,
  };
  return openTable(deps, actor, table, style);
}
