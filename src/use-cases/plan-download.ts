import type { ShownSpan } from '../domain/download-plan.ts';
import type { Span } from '../domain/gap.ts';
import { offsetText } from '../domain/local-stamp.ts';
import { stretches } from '../domain/time-bucket.ts';
import type { Database } from '../store/database.ts';

export interface DownloadDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

/** The stretches of a span in which the clocks of a zone do not change, ready to be shown. */
export function shownSpans(span: Span, zone: string): ShownSpan[] {
  return stretches(span, zone).map((stretch) => ({ ...stretch, offset: offsetText(stretch.offsetMs) }));
}

/** A name that every system takes, with the days it is about. */
export function fileNameOf(what: string, building: string, days: string): string {
  const plain = building
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return ['wattbook', what, plain.slice(0, 60), days].filter((part) => part !== '').join('-');
}
