import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ScanLinePayload, ScanProgress, ScanReport } from './line-contract.ts';
import type { Queues } from './queues.ts';

export interface Scan {
  scanId: string;
  lineId: number;
  from: number;
  to: number;
  state: 'waiting' | 'running' | 'ended';
  /** When its poller last told how far it is. */
  toldMs: number;
  progress: ScanProgress;
  /** Only once it has ended. */
  ended: ScanReport['ended'] | null;
  detail: string;
}

/** Scans of lines: started, followed and cancelled by people, done by pollers. */
export interface Scans {
  start(poller: string, scan: Omit<ScanLinePayload, 'scanId' | 'fleet'>): Promise<Scan>;
  find(scanId: string): Promise<Scan | null>;
  /** The last one of the line that is remembered. */
  latest(lineId: number): Promise<Scan | null>;
  cancel(scanId: string): Promise<void>;
}

/** The poller's side of it. */
export interface ScanLog {
  tell(scan: Scan): Promise<void>;
  isCancelled(scanId: string): Promise<boolean>;
}

// Not in the job: a queue of thousands of reads an hour forgets it too soon.
const REMEMBERED_S = 86_400;
const scanKey = (scanId: string) => `wattbook:scan:${scanId}`;
const latestKey = (lineId: number) => `wattbook:scan-of-line:${lineId}`;
const cancelKey = (scanId: string) => `wattbook:scan-cancelled:${scanId}`;

export function makeScanLog(redis: Redis): ScanLog {
  return {
    async tell(scan) {
      await redis.set(scanKey(scan.scanId), JSON.stringify(scan), 'EX', REMEMBERED_S);
    },
    async isCancelled(scanId) {
      return (await redis.exists(cancelKey(scanId))) === 1;
    },
  };
}

export function makeScans(queues: Pick<Queues, 'poller'>, redis: Redis, clock: () => number): Scans {
  const log = makeScanLog(redis);
  const find = async (scanId: string): Promise<Scan | null> => {
    const text = await redis.get(scanKey(scanId));
    return text === null ? null : (JSON.parse(text) as Scan);
  };
  return {
    find,
    async start(poller, { lineId, from, to, deadlineMs }) {
      const scanId = `scan-${randomUUID()}`;
      const progress = { unitId: from, done: 0, of: to - from + 1, found: [] };
      const scan: Scan = { scanId, lineId, from, to, state: 'waiting', toldMs: clock(), progress, ended: null, detail: '' };
      await log.tell(scan);
      await redis.set(latestKey(lineId), scanId, 'EX', REMEMBERED_S);
      const payload: ScanLinePayload = { scanId, lineId, from, to, deadlineMs, fleet: '' };
      await queues
        .poller(poller)
        .add('scan-line', payload, { jobId: scanId, attempts: 1, removeOnComplete: true, removeOnFail: { count: 50 } });
      return scan;
    },
    async latest(lineId) {
      const scanId = await redis.get(latestKey(lineId));
      return scanId === null ? null : find(scanId);
    },
    async cancel(scanId) {
      await redis.set(cancelKey(scanId), '1', 'EX', REMEMBERED_S);
    },
  };
}
