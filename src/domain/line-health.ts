/** How a line does: kept by the poller that owns it, gone with it. */
export interface LineHealth {
  /** Of its connection; null before the first try. */
  connection: { up: boolean; sinceMs: number; detail: string } | null;
  /** Share of the time in which a request was on its way, over the last hour or since the poller began. */
  occupancy: number;
  lastRound: LineRound | null;
  /** Since when nobody on it has answered; null while somebody does. */
  silentSinceMs: number | null;
}

export interface LineRound {
  startedMs: number;
  tookMs: number;
  meters: number;
  answered: number;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Told each request and each reading that was due; a round is told by the deadline its readings share. */
export class LineRecord {
  readonly #sinceMs: number;
  /** Busy milliseconds by minute since 1970. */
  readonly #busyMs = new Map<number, number>();
  #connection: LineHealth['connection'] = null;
  #round: (LineRound & { deadlineMs: number }) | null = null;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  connected(up: boolean, nowMs: number, detail = ''): void {
    if (this.#connection?.up === up && this.#connection.detail === detail) return;
    const sinceMs = this.#connection?.up === up ? this.#connection.sinceMs : nowMs;
    this.#connection = { up, sinceMs, detail };
  }

  busy(fromMs: number, toMs: number): void {
    const minute = Math.floor(toMs / MINUTE_MS);
    this.#busyMs.set(minute, (this.#busyMs.get(minute) ?? 0) + Math.max(0, toMs - fromMs));
    for (const known of this.#busyMs.keys()) if (known <= minute - MINUTES) this.#busyMs.delete(known);
  }

  read(reading: { deadlineMs: number; startedMs: number; endedMs: number; answered: boolean }): void {
    const { deadlineMs, startedMs, endedMs, answered } = reading;
    if (this.#round?.deadlineMs !== deadlineMs) this.#round = { deadlineMs, startedMs, tookMs: 0, meters: 0, answered: 0 };
    this.#round.tookMs = Math.max(0, endedMs - this.#round.startedMs);
    this.#round.meters += 1;
    if (answered) this.#round.answered += 1;
  }

  health(nowMs: number, silentSinceMs: number | null): LineHealth {
    const fromMs = Math.max(this.#sinceMs, (Math.floor(nowMs / MINUTE_MS) - MINUTES + 1) * MINUTE_MS);
    const busyMs = [...this.#busyMs].reduce((sum, [minute, ms]) => (minute * MINUTE_MS + MINUTE_MS > fromMs ? sum + ms : sum), 0);
    const { deadlineMs: _, ...round } = this.#round ?? { deadlineMs: 0 };
    return {
      connection: this.#connection,
      occupancy: nowMs > fromMs ? Math.min(1, busyMs / (nowMs - fromMs)) : 0,
      lastRound: this.#round === null ? null : (round as LineRound),
      silentSinceMs,
    };
  }
}
