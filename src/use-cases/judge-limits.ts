import type { Connection } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import { hoursAround, isOver, limitWhOf, useByHour, type HourUse } from '../domain/limit.ts';
import { NEWS_MS, subjectOfPoint, type OverLimit } from '../domain/notification.ts';
import { listIntervals } from '../store/intervals.ts';
import {
  addressNotification,
  insertNotification,
  limitsOf,
  notificationsOf,
  updateNotification,
  type LimitedPoint,
  type StoredNotification,
} from '../store/notifications.ts';

interface Judged {
  point: LimitedPoint;
  hours: readonly HourUse[];
  told: readonly StoredNotification[];
  nowMs: number;
}

async function tellOver(connection: Connection, { point, hours, told, nowMs }: Judged): Promise<void> {
  const { pointId, flatId, buildingId, hourlyLimitKwh } = point;
  if (hourlyLimitKwh === null) return;
  const limitWh = limitWhOf(hourlyLimitKwh);
  const known = new Set(told.map(({ atMs }) => atMs));
  for (const { fromMs, toMs, wh } of hours) {
    if (!isOver(wh, limitWh) || known.has(fromMs) || toMs <= nowMs - NEWS_MS) continue;
    const data: OverLimit = { pointId, toMs, wh, limitWh };
    const subject = subjectOfPoint(pointId);
    const id = await insertNotification(connection, { kind: 'over-limit', subject, atMs: fromMs, buildingId, flatId, data });
    await addressNotification(connection, { id, pointId, flatId, buildingId, atMs: fromMs });
  }
}

/** By the limit that was told: what it says follows what is known, and is taken back where that is no longer too much. */
async function followTold(connection: Connection, { hours, told, nowMs }: Judged): Promise<void> {
  const useOf = new Map(hours.map((hour) => [hour.fromMs, hour.wh]));
  for (const { id, atMs, data, isWithdrawn } of told) {
    const before = data as OverLimit;
    const wh = useOf.get(atMs) ?? 0;
    const withdraw = !isOver(wh, before.limitWh);
    if (wh === before.wh && withdraw === isWithdrawn) continue;
    await updateNotification(connection, { id, data: { ...before, wh }, isWithdrawn: withdraw, nowMs });
  }
}

/**
 * In the transaction that made the intervals of a window: hours over the limit of their point are told once, and what was
 * told of hours that are known better now follows. The points are locked, and in one zone.
 */
export async function judgeLimits(
  connection: Connection,
  pointIds: readonly number[],
  { window, zone, nowMs }: { window: Span; zone: string; nowMs: number },
): Promise<void> {
  const hours = hoursAround(window, zone);
  const [first] = hours;
  if (first === undefined) return;
  const whole = { fromMs: first.fromMs, toMs: hours.at(-1)!.toMs };
  const told = await notificationsOf(connection, 'over-limit', pointIds.map(subjectOfPoint), whole);
  const isNews = whole.toMs > nowMs - NEWS_MS;
  const points = (await limitsOf(connection, pointIds)).filter(
    ({ pointId, hourlyLimitKwh }) => (isNews && hourlyLimitKwh !== null) || told.some(({ subject }) => subject === subjectOfPoint(pointId)),
  );
  if (points.length === 0) return;
  const fromMs = told.length > 0 ? whole.fromMs : Math.max(whole.fromMs, nowMs - 2 * NEWS_MS);
  const slots = await listIntervals(connection, {
    pointIds: points.map(({ pointId }) => pointId),
    flows: ['import'],
    fromMs,
    toMs: whole.toMs,
  });
  for (const point of points) {
    const own = slots.filter(({ pointId }) => pointId === point.pointId);
    const judged = {
      point,
      hours: useByHour(
        hours.filter((hour) => hour.fromMs >= fromMs),
        own,
      ),
      told: told.filter(({ subject }) => subject === subjectOfPoint(point.pointId)),
      nowMs,
    };
    await followTold(connection, judged);
    await tellOver(connection, judged);
  }
}
