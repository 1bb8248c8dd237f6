import { MeterRecord, type MeterHealth, type SlotResult } from '../domain/meter-health.ts';
import type { Logger } from '../logger.ts';
import type { HealthNews } from '../queue/health.ts';
import type { LinePark } from './line-park.ts';

export interface HealthBoard {
  /** What came of one slot of a meter. */
  record(meterId: number, result: SlotResult): void;
  close(): Promise<void>;
}

export interface HealthBoardOptions {
  lines: Pick<LinePark, 'health'>;
  publish(news: HealthNews): Promise<void>;
  clock: () => number;
  log: Logger;
}

const TELL_EVERY_MS = 5_000;
// What has not changed is told as well, so that a poller that is gone is noticed.
const TELL_AGAIN_MS = 30_000;

/** Keeps how meters and lines do, and tells it now and again. */
export function makeHealthBoard({ lines, publish, clock, log }: HealthBoardOptions): HealthBoard {
  const records = new Map<number, MeterRecord>();
  const changed = new Set<number>();
  const toldLines = new Map<number, { text: string; atMs: number }>();
  let telling: Promise<void> | null = null;

  function changedMeters(): Map<number, MeterHealth> {
    const news = new Map<number, MeterHealth>();
    for (const meterId of changed) {
      const record = records.get(meterId);
      if (record) news.set(meterId, record.health());
    }
    changed.clear();
    return news;
  }

  function changedLines(): HealthNews['lines'] {
    const nowMs = clock();
    return new Map(
      [...lines.health()].filter(([lineId, health]) => {
        const text = JSON.stringify(health);
        const told = toldLines.get(lineId);
        if (told?.text === text && nowMs - told.atMs < TELL_AGAIN_MS) return false;
        toldLines.set(lineId, { text, atMs: nowMs });
        return true;
      }),
    );
  }

  async function tell(): Promise<void> {
    try {
      await publish({ meters: changedMeters(), lines: changedLines() });
    } catch (err) {
      log.warn({ err }, 'health was not told: told again with the next change');
    }
  }

  const timer = setInterval(() => {
    telling ??= tell().finally(() => {
      telling = null;
    });
  }, TELL_EVERY_MS);

  return {
    record(meterId, result) {
      const record = records.get(meterId) ?? new MeterRecord();
      records.set(meterId, record);
      record.add(result, clock());
      changed.add(meterId);
    },
    async close() {
      clearInterval(timer);
      await telling;
    },
  };
}
