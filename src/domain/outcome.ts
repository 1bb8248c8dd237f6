import type { MissedSlots } from './gap.ts';
import type { Quantity } from './quantity.ts';

/** One meter's values for one slot, as they are stored: plain data, so it may wait in a queue. */
export interface ReadingRow {
  meterId: number;
  /** The moment it stands for: the slot. */
  atMs: number;
  /** When the meter really answered. */
  takenAtMs: number;
  latencyMs: number | null;
  values: Partial<Record<Quantity, number>>;
  extra: Record<string, number> | null;
  refused: Record<string, { reason: string; words: number[] }> | null;
}

/** What came of one meter's slot: a reading, or the reason why there is none. */
export type Outcome =
  | {
      kind: 'reading';
      nextSlotMs: number;
      /** The slot that it answers, where its own moment is another one. */
      slotMs?: number;
      /** A newer one of its meter is stored already. */
      isOutrun?: boolean;
      /** The installation has no start yet: this is its first value. */
      startsInstallation: boolean;
      row: ReadingRow;
    }
  | { kind: 'gap'; gap: MissedSlots };
