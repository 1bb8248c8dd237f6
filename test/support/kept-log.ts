import { pino } from 'pino';
import { serializeError, type Logger } from '../../src/logger.ts';

interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A log whose lines a test can look at. */
export function keepLog(): { log: Logger; lines: LogLine[]; said(msg: string): LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino(
    { level: 'info', serializers: { err: serializeError } },
    { write: (line: string) => lines.push(JSON.parse(line) as LogLine) },
  );
  return { log, lines, said: (msg) => lines.filter((line) => line.msg === msg) };
}
