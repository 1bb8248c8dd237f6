import { meansSilence, type GapReason } from './gap.ts';

/** What came of asking one meter for one slot, as far as its state is concerned. */
export interface Asked {
  meterId: number;
  atMs: number;
  /** Null: it answered. */
  failure: { reason: GapReason; detail: string } | null;
}

export interface MeterStanding {
  meterId: number;
  state: 'new' | 'ok' | 'silent' | 'closed';
  sinceMs: number | null;
}

export interface StateChange {
  meterId: number;
  from: MeterStanding;
  to: 'ok' | 'silent';
  atMs: number;
  reason: string;
  detail: string;
}

/** The changes of state that these answers bring, oldest first. What is older than the present state changes nothing. */
export function stateChanges(standings: readonly MeterStanding[], asked: readonly Asked[]): StateChange[] {
  const now = new Map(standings.map((standing) => [standing.meterId, standing]));
  const changes: StateChange[] = [];
  for (const { meterId, atMs, failure } of asked.toSorted((a, b) => a.atMs - b.atMs)) {
    const from = now.get(meterId);
    if (!from || from.state === 'closed' || (from.sinceMs !== null && atMs < from.sinceMs)) continue;
    if (failure && !meansSilence(failure.reason)) continue;
    const to = failure ? 'silent' : 'ok';
    if (from.state === to) continue;
    changes.push({ meterId, from, to, atMs, reason: failure?.reason ?? '', detail: failure?.detail ?? '' });
    now.set(meterId, { meterId, state: to, sinceMs: atMs });
  }
  return changes;
}
