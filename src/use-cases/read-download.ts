import type { Connection } from 'mariadb';
import type { DaySpan, DownloadSource } from '../domain/download-plan.ts';
import type { Span } from '../domain/gap.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import { formatMicro } from '../domain/money.ts';
import type { Batch, Cell } from '../domain/table.ts';
import { billsByIds, type ListedBill } from '../store/bill-list.ts';
import { dayRows, hourRows, intervalRows, readingRows } from '../store/download-rows.ts';
import { readSplit } from './read-split.ts';

const BILLS_AT_ONCE = 500;
/** After the meter; after flat, point and flow. */
const [TIME_OF_READING, TIME_OF_ENERGY] = [1, 3];

/** Reads on one connection, which is in one snapshot. */
export function readDownload(connection: Connection, source: DownloadSource): AsyncIterable<Batch> {
  switch (source.kind) {
    case 'readings': {
      const { quantities, pieces } = source;
      return inPieces(pieces, (piece) => readingRows(connection, { ...piece, head: [piece.serial], quantities }), TIME_OF_READING);
    }
    case 'quarter':
    case 'hour': {
      const rowsOf = source.kind === 'quarter' ? intervalRows : hourRows;
      return inPieces(source.pieces, (piece) => rowsOf(connection, piece), TIME_OF_ENERGY);
    }
    case 'day':
    case 'month': {
      const { kind, pieces } = source;
      return inPieces(pieces, ({ days, ...part }) => dayRows(connection, kind, { ...part, ...days }));
    }
    case 'split':
      return readSplit(connection, source);
    case 'bills':
      return readBills(connection, source);
  }
}

/** Pieces one after the other. How much of one is done is told by the time of its last row, where it has a span and rows have a time. */
async function* inPieces<Piece extends { span: Span } | { days: DaySpan }>(
  pieces: readonly Piece[],
  read: (piece: Piece) => AsyncIterable<Batch['rows']>,
  timeColumn = -1,
): AsyncGenerator<Batch> {
  for (const [index, piece] of pieces.entries()) {
    for await (const rows of read(piece)) {
      yield { rows, done: (index + partDone('span' in piece ? piece.span : undefined, rows.at(-1)?.[timeColumn])) / pieces.length };
    }
  }
}

function partDone(span: Span | undefined, time: Cell | undefined): number {
  if (span === undefined || typeof time !== 'string') return 0;
  return Math.max(0, Math.min(1, (Date.parse(time) - span.fromMs) / (span.toMs - span.fromMs)));
}

async function* readBills(connection: Connection, { ids, zone }: Extract<DownloadSource, { kind: 'bills' }>): AsyncGenerator<Batch> {
  for (let at = 0; at < ids.length; at += BILLS_AT_ONCE) {
    const rows = await billsByIds(connection, ids.slice(at, at + BILLS_AT_ONCE));
    yield { rows: rows.map((bill) => billCells(bill, zone)), done: Math.min(1, (at + BILLS_AT_ONCE) / ids.length) };
  }
}

function billCells(bill: ListedBill, zone: string): Cell[] {
  return [
    ...[bill.number, bill.state, bill.flatName, bill.party, bill.address],
    ...[isoLocal(bill.fromMs, zone), isoLocal(bill.toMs, zone), bill.currency],
    ...[formatMicro(bill.netMicro), formatMicro(bill.vatMicro), formatMicro(bill.totalMicro)],
    ...[bill.consumptionWh, bill.ownWh, bill.consumptionWh - bill.ownWh, bill.estimatedWh],
    ...[bill.missingSlots, bill.correctsNumber, bill.issuedMs === null ? null : isoLocal(bill.issuedMs, zone)],
  ];
}
