import { percentile } from './percentile.ts';

const SLOTS = 100;

/** How a meter does in its last slots: kept by the poller that reads it, gone with it. */
export interface MeterHealth {
  lastAnswerMs: number | null;
  lastFailure: { atMs: number; reason: string; detail: string } | null;
  /** Of these so many slots. */
  slots: number;
  answered: number;
  /** Of the answers; the time from the first request to the last reply. */
  latencyMedianMs: number | null;
  latencyP95Ms: number | null;
  /** Rounds in a row without an answer. */
  failedRounds: number;
}

export type SlotResult = { ok: true; latencyMs: number } | { ok: false; reason: string; detail: string };

export class MeterRecord {
  /** Latency of each slot, null where there was no answer. */
  readonly #slots: (number | null)[] = [];
  #lastAnswerMs: number | null = null;
  #lastFailure: MeterHealth['lastFailure'] = null;
  #failedRounds = 0;

  add(result: SlotResult, nowMs: number): void {
    this.#slots.push(result.ok ? result.latencyMs : null);
    if (this.#slots.length > SLOTS) this.#slots.shift();
    if (result.ok) {
      this.#lastAnswerMs = nowMs;
      this.#failedRounds = 0;
    } else {
      this.#lastFailure = { atMs: nowMs, reason: result.reason, detail: result.detail };
      this.#failedRounds += 1;
    }
  }

  health(): MeterHealth {
    const latencies = this.#slots.filter((latencyMs) => latencyMs !== null);
    return {
      lastAnswerMs: this.#lastAnswerMs,
      lastFailure: this.#lastFailure,
      slots: this.#slots.length,
      answered: latencies.length,
      latencyMedianMs: percentile(latencies, 0.5),
      latencyP95Ms: percentile(latencies, 0.95),
      failedRounds: this.#failedRounds,
    };
  }
}
