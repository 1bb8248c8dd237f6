import { z } from 'zod';
import type { ModelGuess } from '../domain/guess-model.ts';

const id = z.number().int().positive();
const epochMs = z.number().int().nonnegative();
const unitId = z.number().int().min(1).max(247);

/** Looks for meters on a line, unit id by unit id; how far it is, it tells the `ScanLog`. Answers a `ScanReport`. */
export const scanLinePayload = z.object({
  scanId: z.string(),
  lineId: id,
  from: unitId,
  to: unitId,
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type ScanLinePayload = z.output<typeof scanLinePayload>;

export interface FoundUnit {
  unitId: number;
  latencyMs: number;
  guesses: ModelGuess[];
}

export interface ScanProgress {
  /** The unit id that is asked. */
  unitId: number;
  done: number;
  of: number;
  found: FoundUnit[];
}

export interface ScanReport {
  ended: 'finished' | 'cancelled' | 'too-late' | 'not-here' | 'line-down';
  detail: string;
}

/** Reads some meters at once, one iteration of a collection; what came of each it tells the `CollectionLog`. */
export const collectReadingsPayload = z.object({
  collectionId: z.string(),
  iteration: z.number().int().positive(),
  meterIds: z.array(id),
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type CollectReadingsPayload = z.output<typeof collectReadingsPayload>;

/** Reads a unit with a model, installed or not; answers `ReadNowReply`. */
export const tryModelPayload = z.object({
  lineId: id,
  unitId,
  modelId: id,
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type TryModelPayload = z.output<typeof tryModelPayload>;

/** Writes registers that the map of the model marks writable, one after the other, in one turn on the line; answers `WriteReply`. */
export const writeRegistersPayload = z.object({
  lineId: id,
  unitId,
  modelId: id,
  writes: z
    .array(z.object({ quantity: z.string(), value: z.number() }))
    .min(1)
    .max(8),
  /** For meters that ask for one before they take a value. */
  password: z.number().nullable(),
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type WriteRegistersPayload = z.output<typeof writeRegistersPayload>;

export interface WrittenRegister {
  quantity: string;
  /** In the unit of the map; null where the meter did not tell. */
  before: number | null;
  /** As read back; null where the meter was silent afterwards, as it is under a new address. */
  after: number | null;
}

export type WriteReply =
  | { ok: true; latencyMs: number; written: WrittenRegister[] }
  | { ok: false; reason: string; detail: string; latencyMs: number; written: WrittenRegister[] };
