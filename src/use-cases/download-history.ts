import type { CsvStyle } from '../domain/csv-line.ts';
import { offsetText } from '../domain/local-stamp.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { column, type Cell, type Column } from '../domain/table.ts';
import { localDay, stretches } from '../domain/time-bucket.ts';
import { Forbidden } from '../errors.ts';
import { findMeter } from '../store/meters.ts';
import { seen } from './access.ts';
import { seriesIn, type HistoryInput } from './history-input.ts';
import type { OpenDownload } from './open-download.ts';
import { openTable } from './open-table.ts';
import { fileNameOf } from './plan-download.ts';
import { showHistory, type History, type HistoryDeps, type HistoryOfMeter, type HistorySeries } from './show-history.ts';

/** A moment as the clocks of the building show it. */
function makeStamp({ zone, ...span }: History): (ms: number) => string {
  const parts = stretches(span, zone);
  return (ms) => {
    const { offsetMs } = parts.find(({ toMs }) => ms < toMs) ?? parts.at(-1)!;
    const local = new Date(ms + offsetMs).toISOString();
    return `${local.slice(0, ms % 1_000 === 0 ? 19 : 23)}${offsetText(offsetMs)}`;
  };
}

interface Told {
  heading: Column;
  values: HistorySeries['values'];
}

/** What is drawn of a series: its readings, or of its buckets mean, lowest and highest. */
function columnsOf({ meter }: HistoryOfMeter, { quantity, unit, values, low, high }: HistorySeries): Told[] {
  const named = (what: string) => column(`${meter.serial} ${quantity}${what}`, 'number', unit);
  if (low === null || high === null) return [{ heading: named(''), values }];
  return [
    { heading: named(' mean'), values },
    { heading: named(' min'), values: low },
    { heading: named(' max'), values: high },
  ];
}

/** One row for each moment that any of the series has. */
function rowsOf(history: History): { columns: Column[]; rows: Cell[][] } {
  const columns: Column[] = [column('time', 'moment')];
  const rows = new Map<number, Cell[]>();
  for (const meter of history.meters) {
    for (const series of meter.series) {
      for (const { heading, values } of columnsOf(meter, series)) {
        const place = columns.push(heading) - 1;
        for (const [index, value] of values.entries()) {
          const ms = meter.times[index]!;
          const row = rows.get(ms) ?? [];
          row[place] = value;
          rows.set(ms, row);
        }
      }
    }
  }
  const stamp = makeStamp(history);
  const inOrder = [...rows].toSorted(([a], [b]) => a - b);
  return { columns, rows: inOrder.map(([ms, row]) => columns.map((_, place) => (place === 0 ? stamp(ms) : (row[place] ?? null)))) };
}

/** Exactly what the page of the same input shows, as CSV. */
export async function downloadHistory(
  deps: HistoryDeps,
  actor: Actor,
  { style, ...input }: HistoryInput & { style: CsvStyle },
): Promise<OpenDownload> {
  const { prisma } = deps.database;
  const meterIds = [...new Set(seriesIn(input.series).map(({ meterId }) => meterId))];
  for (const meterId of meterIds) seen(await findMeter(prisma, reach(actor, 'reading:read'), meterId), 'This meter');
  for (const meterId of meterIds) {
    if ((await findMeter(prisma, reach(actor, 'reading:download'), meterId)) === null) throw new Forbidden();
  }
  const history = await showHistory(deps, actor, input, 'reading:download');
  const { columns, rows } = rowsOf(history);
  const days = `${localDay(history.fromMs, history.zone)}-to-${localDay(history.toMs - 1, history.zone)}`;
  const serials = history.meters.map(({ meter }) => meter.serial);
  const table = {
    buildingId: history.meters[0]?.meter.installations.at(-1)?.point.flat.buildingId ?? 0,
    name: fileNameOf('history', serials.length === 1 ? serials[0]! : `${serials.length} meters`, days),
    detail: `history of ${columns.length - 1} columns of meters ${serials.join(', ')}, ${days.replace('-to-', ' to ')}, csv`.slice(0, 500),
    columns,
    rows,
  };
  return openTable(deps, actor, table, style);
}
