import { say, type Refusal } from './refusal.ts';

/** Which meter hangs at which point, on which unit id of which line, in [fromMs, toMs); null goes on. */
export interface Placement {
  pointId: number;
  meterId: number;
  lineId: number;
  unitId: number;
  fromMs: number;
  toMs: number | null;
  running: boolean;
}

/** An empty start is the first value read, which comes after the row was made. */
export function startOf(installation: { fromAt: Date | null; createdAt: Date }): number {
  return (installation.fromAt ?? installation.createdAt).getTime();
}

/** An end that lies ahead still runs; the scheduler ends it when its time has come. */
export function isRunning(toMs: number | null, nowMs: number): boolean {
  return toMs === null || toMs > nowMs;
}

export function overlaps(a: { fromMs: number; toMs: number | null }, b: { fromMs: number; toMs: number | null }): boolean {
  return (a.toMs === null || b.fromMs < a.toMs) && (b.toMs === null || a.fromMs < b.toMs);
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

function period({ fromMs, toMs }: Placement): [from: string, to: string | null] {
  return [day(fromMs), toMs === null ? null : day(toMs)];
}

/** What stands in the way of a placement, by field; empty when nothing does. */
export function placementConflicts(wanted: Placement, others: readonly Placement[]): Record<string, Refusal> {
  const conflicts: Record<string, Refusal> = {};
  for (const other of others) {
    if (!overlaps(wanted, other) && !(wanted.running && other.running)) continue;
    if (other.pointId === wanted.pointId) {
      conflicts['pointId'] ??= say('pointHasMeter', ...period(other));
    }
    if (other.meterId === wanted.meterId) {
      conflicts['meterId'] ??= say('meterHangs', ...period(other));
    }
    if (other.lineId === wanted.lineId && other.unitId === wanted.unitId) {
      conflicts['unitId'] ??= say('unitIdTaken', wanted.unitId, ...period(other));
    }
  }
  return conflicts;
}
