import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { dayBounds, isDay, localDay, quarterHours, QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { kindOf, lastCorrections, type CorrectionRow } from '../store/corrections.ts';
import { readingsOf, type CounterReading } from '../store/counter-readings.ts';
import { dirtyWindows } from '../store/dirty-windows.ts';
import { listIntervals, type IntervalRow } from '../store/intervals.ts';
import { findMeteredPoint, findPoint } from '../store/points.ts';
import { demand, seen } from '../use-cases/access.ts';
import { correctionSentence } from '../use-cases/correction-sentence.ts';
import type { OfficeDeps } from './office-deps.ts';

const COUNTERS = ['import_active_energy_total', 'export_active_energy_total'] as const;
const MOST_CORRECTIONS = 50;

function energyOf(rows: readonly IntervalRow[], flow: MainFlow, slotMs: number): object | null {
  const row = rows.find((one) => one.flow === flow && one.slotMs === slotMs);
  return row ? { wh: row.wh, quality: row.quality, method: row.method } : null;
}

function correctionOf(row: CorrectionRow, moment: (at: Date) => string): object {
  const { zone } = row.point.flat.building;
  return {
    id: row.id,
    sentence: correctionSentence(row, zone),
    made: `${row.actor}, ${moment(row.createdAt)}: ${row.reason}`,
    undone: row.undo ? `${row.undo.actor}, ${moment(row.undo.createdAt)}: ${row.undo.reason}` : null,
  };
}

/** A day of a point, quarter hour by quarter hour: what was read, what came of it, and what was said of it. */
export async function correctionDay(deps: OfficeDeps, actor: Actor, input: { pointId: number; day?: string | undefined }): Promise<object> {
  const { prisma, pool } = deps.database;
  const { pointId } = input;
  const sight = reach(actor, 'point:read');
  const point = seen(await findMeteredPoint(prisma, sight, pointId), 'This point');
  demand(actor, 'energy:correct', { buildingId: point.flat.buildingId });
  const { zone } = point.flat.building;
  const nowMs = deps.clock();
  const ends = point.installations.map(({ toAt }) => toAt?.getTime() ?? nowMs);
  const day = input.day || localDay(Math.min(nowMs, Math.max(...ends, point.createdAt.getTime()) - 1), zone);
  if (!isDay(day)) throw new InvalidInput({ day: 'must be a day, such as 2026-01-31' });
  const span = dayBounds(day, zone);
  const places = point.installations.filter((one) => startOf(one) < span.toMs && (one.toAt?.getTime() ?? span.toMs) > span.fromMs);
  const meterIds = places.map(({ meterId }) => meterId);
  const serials = new Map(
    (await prisma.meter.findMany({ where: { id: { in: meterIds } }, select: { id: true, serial: true } })).map(({ id, serial }) => [
      id,
      serial,
    ]),
  );
  const read = await readingsOf(pool, meterIds, COUNTERS, span);
  const [corrections, intervals, dirty, named] = await Promise.all([
    lastCorrections(prisma, pointId, MOST_CORRECTIONS),
    listIntervals(pool, { pointIds: [pointId], flows: MAIN_FLOWS, ...span }),
    dirtyWindows(pool, [pointId]),
    findPoint(prisma, sight, pointId),
  ]);
  const clockOf = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
  const secondsOf = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
  const momentOf = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const excluded = new Set(
    corrections.filter((row) => kindOf(row) === 'exclude-reading' && !row.undo).map(({ meterId, at }) => `${meterId} ${at.getTime()}`),
  );
  const readingOf = (meterId: number, { atMs, values }: CounterReading) => ({
    meterId,
    serial: serials.get(meterId) ?? '',
    at: new Date(atMs).toISOString(),
    clock: secondsOf.format(atMs),
    importWh: values[0] ?? null,
    exportWh: values[1] ?? null,
    excluded: excluded.has(`${meterId} ${atMs}`),
  });
  const readings = [...read].flatMap(([meterId, own]) => own.map((one) => ({ atMs: one.atMs, shown: readingOf(meterId, one) })));
  return {
    point: { id: pointId, name: named ? `${named.flat.name}, ${named.name}` : '' },
    zone,
    day,
    hasMeter: places.length > 0,
    pending: dirty.length > 0,
    slots: quarterHours(day, zone)
      .filter((slotMs) => slotMs < nowMs)
      .map((slotMs) => ({
        slot: new Date(slotMs).toISOString(),
        clock: clockOf.format(slotMs),
        over: slotMs + QUARTER_HOUR_MS <= nowMs,
        import: energyOf(intervals, 'import', slotMs),
        export: energyOf(intervals, 'export', slotMs),
        readings: readings.filter(({ atMs }) => atMs >= slotMs && atMs < slotMs + QUARTER_HOUR_MS).map(({ shown }) => shown),
      })),
    corrections: corrections.map((row) => correctionOf(row, (at) => momentOf.format(at))),
  };
}
