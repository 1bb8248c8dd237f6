import type { Connection } from 'mariadb';
import type { z } from 'zod';
import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import type { Actor } from '../domain/permission.ts';
import type { Quality } from '../domain/quality.ts';
import { floorSlot, type Method } from '../domain/settle.ts';
import { DAY_MS } from '../domain/spread-gap.ts';
import type { Database } from '../store/database.ts';
import type { IntervalRow } from '../store/intervals.ts';
import { transact } from '../store/prisma-transaction.ts';
import { loadSettlingPoints, type SettlingPoint } from '../store/settling-points.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Deps } from './access.ts';
import { parseInput } from './input.ts';
import { correctionFields, planCorrection, type PlannedCorrection } from './planned-correction.ts';
import { reached } from './settle-dirty.ts';
import { makeIntervals } from './settle-points.ts';

/** How far to both sides of the moment it is looked. */
const FARTHEST_MS = 31 * DAY_MS;
const MOST_CHANGES = 500;

interface Energy {
  wh: number | null;
  quality: Quality;
  method: Method;
}

export interface ChangedInterval {
  slotMs: number;
  flow: MainFlow;
  before: Energy | null;
  after: Energy | null;
}

export interface CorrectionPreview extends Span {
  pointId: number;
  zone: string;
  /** The known energy of [fromMs, toMs). */
  before: Record<MainFlow, number>;
  after: Record<MainFlow, number>;
  changes: ChangedInterval[];
  /** More changes than these, or farther away. */
  cut: boolean;
}

/** As if it were in force already. */
function withCorrection(point: SettlingPoint, { meterId, direction, at, wh }: PlannedCorrection): SettlingPoint {
  const atMs = at.getTime();
  if (meterId === null) {
    const overrides = point.overrides.filter(({ flow, slotMs }) => flow !== direction || slotMs !== atMs);
    return { ...point, overrides: direction === null ? overrides : [...overrides, { flow: direction, slotMs: atMs, wh: Number(wh) }] };
  }
  const meters = point.meters.map((meter) => {
    if (meter.meterId !== meterId) return meter;
    const { excludedAtMs, counters } = meter.corrections;
    const corrections =
      direction === null
        ? { counters, excludedAtMs: new Set([...excludedAtMs, atMs]) }
        : { excludedAtMs, counters: [...counters, { direction, atMs, wh: Number(wh) }] };
    return { ...meter, corrections };
  });
  return { ...point, meters };
}

function energyOf(row: IntervalRow | undefined): Energy | null {
  return row === undefined ? null : { wh: row.wh, quality: row.quality, method: row.method };
}

function sameEnergy(a: Energy | null, b: Energy | null): boolean {
  return a?.wh === b?.wh && a?.quality === b?.quality && a?.method === b?.method;
}

function sumOf(rows: readonly IntervalRow[]): Record<MainFlow, number> {
  const sum = { import: 0, export: 0 };
  for (const { flow, wh } of rows) if (flow === 'import' || flow === 'export') sum[flow] += wh ?? 0;
  return sum;
}

function changesBetween(before: readonly IntervalRow[], after: readonly IntervalRow[]): ChangedInterval[] {
  const changes: ChangedInterval[] = [];
  for (const flow of MAIN_FLOWS) {
    const old = new Map(before.filter((row) => row.flow === flow).map((row) => [row.slotMs, row]));
    const fresh = new Map(after.filter((row) => row.flow === flow).map((row) => [row.slotMs, row]));
    for (const slotMs of new Set([...old.keys(), ...fresh.keys()])) {
      const change = { slotMs, flow, before: energyOf(old.get(slotMs)), after: energyOf(fresh.get(slotMs)) };
      if (!sameEnergy(change.before, change.after)) changes.push(change);
    }
  }
  return changes.toSorted((a, b) => a.slotMs - b.slotMs);
}

/** What a correction would change, worked out as settling will; nothing is written. Gaps of later days that follow these are not in it. */
export async function previewCorrection(
  deps: Deps & { database: Pick<Database, 'prisma' | 'pool'> },
  actor: Actor,
  input: z.input<typeof correctionFields>,
): Promise<CorrectionPreview> {
  const wanted = parseInput(correctionFields, input);
  const nowMs = deps.clock();
  const planned = await transact(deps.database.prisma, (tx) => planCorrection(tx, actor, wanted, nowMs));
  return inTransaction(deps.database.pool, (connection) => preview(connection, planned, nowMs));
}

async function preview(connection: Connection, planned: PlannedCorrection, nowMs: number): Promise<CorrectionPreview> {
  const { pointId, zone, span } = planned;
  const [point] = await loadSettlingPoints(connection, [pointId]);
  if (point === undefined) return { pointId, zone, ...span, before: sumOf([]), after: sumOf([]), changes: [], cut: false };
  const corrected = withCorrection(point, planned);
  const [without, withIt] = [await reached(connection, point, span, nowMs), await reached(connection, corrected, span, nowMs)];
  const whole = { fromMs: Math.min(without.fromMs, withIt.fromMs), toMs: Math.max(without.toMs, withIt.toMs) };
  const window = {
    fromMs: Math.max(whole.fromMs, floorSlot(span.fromMs - FARTHEST_MS)),
    toMs: Math.min(whole.toMs, floorSlot(nowMs), floorSlot(span.toMs + FARTHEST_MS)),
  };
  const rowsOf = async (of: SettlingPoint) =>
    window.fromMs < window.toMs ? (await makeIntervals(connection, [of], { window, nowMs })).flatMap(({ rows }) => rows) : [];
  const [before, after] = [await rowsOf(point), await rowsOf(corrected)];
  const changes = changesBetween(before, after);
  const isFar = whole.fromMs < window.fromMs || (whole.toMs > window.toMs && window.toMs < floorSlot(nowMs));
  return {
    pointId,
    zone,
    ...window,
    before: sumOf(before),
    after: sumOf(after),
    changes: changes.slice(0, MOST_CHANGES),
    cut: isFar || changes.length > MOST_CHANGES,
  };
}
