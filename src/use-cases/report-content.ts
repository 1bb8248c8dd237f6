import type { Connection } from 'mariadb';
import type { Logger } from '../logger.ts';
import type { Queues } from '../queue/queues.ts';
import type { Exports } from '../sheets/export-process.ts';
import type { ReportFiles } from '../store/report-files.ts';
import type { DownloadDeps } from './plan-download.ts';

export interface MakeReportDeps extends DownloadDeps {
  exports: Pick<Exports, 'write'>;
  files: ReportFiles;
  queues: Pick<Queues, 'addMails'>;
  log: Logger;
}

/** A file that is ready to be written. */
export interface Content {
  fileName: string;
  note: string;
  fill(sink: (piece: string | Buffer) => Promise<void>): Promise<void>;
  /** In the transaction in which the report is done; answers the mails that leave with it. */
  onDone?(connection: Connection): Promise<number[]>;
}
