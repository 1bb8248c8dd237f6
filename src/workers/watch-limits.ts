import { floorSlot } from '../domain/settle.ts';
import type { Logger } from '../logger.ts';
import type { ReadSlot } from '../queue/live.ts';

export interface WatchLimitsDeps {
  /** The meters that hang at a point with a limit, and where. */
  metersAtLimits(): Promise<ReadonlyMap<number, number>>;
  /** Makes the quarter hours of points and tells whoever is over. */
  settle(pointIds: readonly number[]): Promise<void>;
  clock: () => number;
  log: Logger;
}

export interface LimitWatch {
  hear(slots: readonly ReadSlot[]): void;
  close(): Promise<void>;
}

const KNOWN_FOR_MS = 30_000;

/**
 * Where there is a limit nobody waits for the next turn of settling: the first reading of a quarter hour ends the one
 * before. What is missed here, as when Redis is away, the next turn finds.
 */
export function makeWatchLimits({ metersAtLimits, settle, clock, log }: WatchLimitsDeps): LimitWatch {
  let pointOf: ReadonlyMap<number, number> = new Map();
  let knownAtMs = Number.NEGATIVE_INFINITY;
  /** The newest quarter hour that each meter has begun. */
  const begun = new Map<number, number>();
  let heard = new Map<number, number>();
  let working: Promise<void> | null = null;

  async function settleHeard(): Promise<void> {
    while (heard.size > 0) {
      const news = heard;
      heard = new Map();
      try {
        if (clock() >= knownAtMs + KNOWN_FOR_MS) {
          pointOf = await metersAtLimits();
          knownAtMs = clock();
        }
        const fresh = [...news].filter(([meterId, slotMs]) => pointOf.has(meterId) && slotMs > (begun.get(meterId) ?? -1));
        if (fresh.length === 0) continue;
        await settle([...new Set(fresh.map(([meterId]) => pointOf.get(meterId)!))]);
        for (const [meterId, slotMs] of fresh) begun.set(meterId, slotMs);
      } catch (err) {
        log.warn({ err }, 'limits are judged with the next turn of settling');
      }
    }
  }

  return {
    hear(slots) {
      for (const [meterId, atMs] of slots) heard.set(meterId, Math.max(heard.get(meterId) ?? -1, floorSlot(atMs)));
      working ??= settleHeard().finally(() => {
        working = null;
      });
    },
    async close() {
      await working;
    },
  };
}
