import type { Connection } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import { offsetText } from '../domain/local-stamp.ts';
import type { Batch, Cell, Column } from '../domain/table.ts';
import { stretches } from '../domain/time-bucket.ts';
import type { Database } from '../store/database.ts';
import type { ShownSpan } from '../store/download-rows.ts';

export interface DownloadDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

/** A download that is allowed and whose input is right; nothing is read yet. */
export interface DownloadPlan {
  buildingId: number;
  /** Without ending, such as `wattbook-readings-Linden Court-2026-01-01`. */
  name: string;
  /** For the activity, such as `Linden Court: readings of 3 meters from … to …`. */
  detail: string;
  columns: Column[];
  /** Reads on one connection, which is in one snapshot. */
  read(connection: Connection): AsyncIterable<Batch>;
}

/** The stretches of a span in which the clocks of a zone do not change, ready to be shown. */
export function shownSpans(span: Span, zone: string): ShownSpan[] {
  return stretches(span, zone).map((stretch) => ({ ...stretch, offset: offsetText(stretch.offsetMs) }));
}

/** Pieces one after the other. How much of one is done is told by the time of its last row, where it has a span and rows have a time. */
export async function* inPieces<Piece extends { span: Span | null }>(
  pieces: readonly Piece[],
  read: (piece: Piece) => AsyncIterable<Batch['rows']>,
  timeColumn?: number,
): AsyncGenerator<Batch> {
  for (const [index, piece] of pieces.entries()) {
    for await (const rows of read(piece)) {
      yield { rows, done: (index + partDone(piece.span, rows.at(-1)?.[timeColumn ?? -1])) / pieces.length };
    }
  }
}

function partDone(span: Span | null, time: Cell | undefined): number {
  if (span === null || typeof time !== 'string') return 0;
  return Math.max(0, Math.min(1, (Date.parse(time) - span.fromMs) / (span.toMs - span.fromMs)));
}

/** A name that every system takes, with the days it is about. */
export function fileNameOf(what: string, building: string, days: string): string {
  const plain = building
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return ['wattbook', what, plain.slice(0, 60), days].filter((part) => part !== '').join('-');
}
