import type { Connection, Pool } from 'mariadb';
import type { Outcome } from '../domain/outcome.ts';
import { measure } from '../metrics.ts';
import { inTransaction } from '../store/transaction.ts';

/** Commits a batch and measures how large it was and how long that took. */
export async function measureCommit<T>(of: 'outcomes' | 'messages', items: number, commit: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const committed = await commit();
  measure('wattbook_batch_items', { of }, items);
  measure('wattbook_batch_commit_duration_seconds', { of }, (performance.now() - startedMs) / 1_000);
  return committed;
}

export function commitMessages<T>(pool: Pool, messages: number, work: (connection: Connection) => Promise<T>): Promise<T> {
  return measureCommit('messages', messages, () => inTransaction(pool, work));
}

/** What was committed just now. */
export function measureOutcomes(outcomes: readonly Outcome[], nowMs: number): void {
  for (const outcome of outcomes) {
    measure('wattbook_outcomes_total', { outcome: outcome.kind === 'reading' ? 'reading' : outcome.gap.reason }, 1);
    if (outcome.kind === 'reading') measure('wattbook_reading_lateness_seconds', {}, Math.max(0, nowMs - outcome.row.atMs) / 1_000);
  }
}

/** What became of pushed messages, handed on. */
export function measureTaken<Verdict extends { state: string; reason?: string }>(verdicts: Verdict[]): Verdict[] {
  for (const { state, reason = '' } of verdicts) measure('wattbook_messages_total', { state, reason }, 1);
  return verdicts;
}
