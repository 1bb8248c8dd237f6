import type { Connection } from 'mariadb';
import { correctedSlots, type OverriddenInterval } from '../domain/correction.ts';
import { MAIN_FLOWS, type Flow, type MainFlow } from '../domain/energy-flow.ts';
import { evaluateFormula } from '../domain/point-formula.ts';
import { traceFlowTrack } from '../domain/flow-track.ts';
import type { Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import { proxySlots, settleSlots, type SettledSlot, type TracedFlow } from '../domain/settle.ts';
import { DAY_MS, PROXY_DAYS } from '../domain/spread-gap.ts';
import { listIntervals, replaceIntervals, type IntervalRow } from '../store/intervals.ts';
import { touchFormulas } from '../store/point-terms.ts';
import { rollUp } from '../store/roll-ups.ts';
import type { SettlingPoint } from '../store/settling-points.ts';
import { judgeLimits } from './judge-limits.ts';
import { loadFlowTracks } from './load-flow-tracks.ts';

const LONGEST_PROXY_MS = PROXY_DAYS['proxy-week'] * DAY_MS;

function isCounted({ quality }: Pick<SettledSlot, 'quality'>): boolean {
  return quality === 'measured' || quality === 'interpolated';
}

interface FlowAtPoint {
  pointId: number;
  flow: Flow;
  flows: readonly TracedFlow[];
  /** What somebody said of its quarter hours. */
  said: readonly OverriddenInterval[];
}

/** What was counted at the point before, for the gaps of a window. */
async function proxiesOf(
  connection: Connection,
  { pointId, flow, flows, said, window }: FlowAtPoint & { window: Span },
): Promise<(slotMs: number) => number | null> {
  const gaps = proxySlots(flows, window);
  if (gaps === null) return () => null;
  const before = { fromMs: gaps.fromMs - LONGEST_PROXY_MS, toMs: Math.min(gaps.toMs, window.fromMs) };
  const stored = await listIntervals(connection, { pointIds: [pointId], flows: [flow], ...before });
  const fresh = correctedSlots(
    settleSlots(flows, window, () => null),
    said,
    window,
  );
  const known = new Map([...stored, ...fresh].filter(isCounted).map(({ slotMs, wh }) => [slotMs, wh]));
  return (slotMs) => known.get(slotMs) ?? null;
}

function isMain(flow: Flow): flow is MainFlow {
  return (MAIN_FLOWS as readonly Flow[]).includes(flow);
}

export interface SettledPoint {
  pointId: number;
  rows: IntervalRow[];
  /** Until when both flows are certain. */
  settledUntilMs: number;
}

async function settlePoint(
  connection: Connection,
  point: SettlingPoint,
  traced: ReadonlyMap<Flow, readonly TracedFlow[]>,
  window: Span,
): Promise<SettledPoint> {
  const { pointId, overrides } = point;
  const rows: IntervalRow[] = [];
  let settledUntilMs = window.toMs;
  for (const flow of new Set([...traced.keys(), ...overrides.map((one) => one.flow)])) {
    const flows = traced.get(flow) ?? [];
    const said = overrides.filter((one) => one.flow === flow);
    const counted = settleSlots(flows, window, await proxiesOf(connection, { pointId, flow, flows, said, window }));
    const slots = correctedSlots(counted, said, window);
    // Of phases and reactive energy only what is known has a row.
    for (const slot of slots) if (isMain(flow) || slot.wh !== null) rows.push({ pointId, flow, ...slot });
    if (isMain(flow)) {
      const open = flows.filter(({ toMs, settledMs }) => toMs > window.toMs || settledMs < Math.min(toMs, window.toMs));
      settledUntilMs = Math.min(settledUntilMs, ...open.map(({ settledMs }) => settledMs));
    }
  }
  return { pointId, rows, settledUntilMs };
}

/** What its parts come to; as for any point, what somebody said of a quarter hour stands before it. */
async function combineParts(
  connection: Connection,
  { pointId, terms, gives, overrides }: SettlingPoint,
  window: Span,
): Promise<SettledPoint> {
  const partIds = terms.map(({ partId }) => partId);
  const rows = await listIntervals(connection, { pointIds: partIds, flows: MAIN_FLOWS, ...window });
  const slots = evaluateFormula(
    { terms, gives },
    rows.flatMap((row) => (isMain(row.flow) ? [{ ...row, flow: row.flow }] : [])),
  );
  const made = MAIN_FLOWS.flatMap((flow) => {
    const said = overrides.filter((one) => one.flow === flow);
    return correctedSlots(slots[flow], said, window).map((slot): IntervalRow => ({ pointId, flow, ...slot }));
  });
  return { pointId, rows: made, settledUntilMs: window.toMs };
}

/** The intervals of a window as they come out of what is stored; nothing is written. */
export async function makeIntervals(
  connection: Connection,
  points: readonly SettlingPoint[],
  { window, nowMs }: { window: Span; nowMs: number },
): Promise<SettledPoint[]> {
  const loaded = await loadFlowTracks(connection, points, { window, nowMs });
  const settled: SettledPoint[] = [];
  for (const point of points) {
    if (point.terms.length > 0) {
      settled.push(await combineParts(connection, point, window));
      continue;
    }
    const flows = groupBy(loaded.get(point.pointId) ?? [], ({ flow }) => flow);
    const traced = new Map([...flows].map(([flow, same]) => [flow, same.map(({ track }) => traceFlowTrack(track))] as const));
    settled.push(await settlePoint(connection, point, traced, window));
  }
  return settled;
}

/**
 * Makes the intervals of a window anew with all that is rolled up from them and told of them, for points that are locked and in one zone.
 * The same readings give the same rows, however often and in whatever pieces it is done.
 */
export async function settlePoints(
  connection: Connection,
  points: readonly SettlingPoint[],
  { window, nowMs }: { window: Span; nowMs: number },
): Promise<SettledPoint[]> {
  const settled = await makeIntervals(connection, points, { window, nowMs });
  const pointIds = points.map(({ pointId }) => pointId);
  await replaceIntervals(
    connection,
    pointIds,
    window,
    settled.flatMap(({ rows }) => rows),
  );
  await touchFormulas(connection, pointIds, window);
  const [first] = points;
  if (first) {
    await rollUp(connection, pointIds, window, first.zone);
    await judgeLimits(connection, pointIds, { window, zone: first.zone, nowMs });
  }
  return settled;
}
