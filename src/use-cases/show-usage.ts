import type { Pool } from 'mariadb';
import { bucketsIn } from '../domain/energy-bucket.ts';
import type { MainFlow } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import { hoursAround, isOver, limitWhOf, useByHour } from '../domain/limit.ts';
import { reach, type Actor, type Permission } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { visibleParts } from '../domain/sight.ts';
import { isDay, localDay, parseMoment } from '../domain/time-bucket.ts';
import {
  changeOf,
  inTimeBefore,
  knownWh,
  periodBefore,
  spanOfDays,
  usagePart,
  usagePeriod,
  USAGE_BUCKET,
  type DaySpan,
  type PointRow,
  type UsageChange,
  type UsagePart,
  type UsageView,
} from '../domain/usage.ts';
import { InvalidInput } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findFlat, type FlatRow } from '../store/flats.ts';
import { listIntervals } from '../store/intervals.ts';
import { hoursBeyond } from '../store/over-limit-hours.ts';
import { pointsOfFlat, type PointWithLimit } from '../store/points.ts';
import { listEnergy, type RolledUp } from '../store/roll-ups.ts';
import { sqlTime } from '../store/sql-time.ts';
import { seen } from './access.ts';

export interface UsageDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

export interface UsageInput {
  flatId: number;
  view: UsageView;
  day?: string | undefined;
}

/** A flat, and which times of it may be seen: all of it as staff, the own time as its tenant. */
export interface SeenFlat {
  flat: FlatRow;
  zone: string;
  sightOf(span: Span): Span[];
}

export async function seeFlat({ database }: UsageDeps, actor: Actor, permission: Permission, flatId: number): Promise<SeenFlat> {
  const given = reach(actor, permission);
  const flat = seen(await findFlat(database.prisma, given, flatId), 'This flat');
  const isStaff = given.everywhere || given.buildingIds.includes(flat.buildingId);
  const own = given.ownFlats.filter((one) => one.flatId === flatId);
  return { flat, zone: flat.building.zone, sightOf: (span) => (isStaff ? [span] : visibleParts(own, span)) };
}

export function dayOf(day: string | undefined, zone: string, nowMs: number): string {
  if (day !== undefined && !isDay(day)) throw new InvalidInput({ day: say('notADay') });
  return day ?? localDay(nowMs, zone);
}

interface Wanted {
  pool: Pool;
  pointIds: readonly number[];
  flow: MainFlow;
  zone: string;
}

type TimedRow = PointRow & { fromMs: number };

async function rowsOf({ pool, pointIds, flow, zone }: Wanted, table: RolledUp, { fromMs, toMs }: Span): Promise<TimedRow[]> {
  const key = (ms: number) => (table === 'hour' ? sqlTime(ms) : localDay(ms, zone));
  const beginning = (text: string) => (table === 'hour' ? Date.parse(`${text.replace(' ', 'T')}Z`) : (parseMoment(text, zone) ?? 0));
  const rows = await listEnergy(pool, table, { pointIds, flows: [flow], from: key(fromMs), to: key(toMs) });
  return rows.map(({ pointId, key: text, wh, quality, slots }) => ({ pointId, wh, quality, slots, fromMs: beginning(text) }));
}

/** The hours that lie wholly in sight. */
function wholeHours(parts: readonly Span[], zone: string): Span[] {
  return parts.flatMap((part) => hoursAround(part, zone).filter(({ fromMs, toMs }) => fromMs >= part.fromMs && toMs <= part.toMs));
}

/** A month or a day that one lived in for a part is told by its hours; what the one before used is not in it. */
async function partsOf(
  wanted: Wanted,
  { sightOf }: SeenFlat,
  days: DaySpan,
  { view, nowMs }: { view: UsageView; nowMs: number },
): Promise<UsagePart[]> {
  const { zone } = wanted;
  const bucket = USAGE_BUCKET[view];
  const span = spanOfDays(days, zone);
  const buckets = bucketsIn(span, bucket, zone).map((part) => ({ part, sight: sightOf(part) }));
  const isWhole = ({ part, sight }: (typeof buckets)[number]) => sight[0]?.fromMs === part.fromMs && sight[0].toMs === part.toMs;
  const anyWhole = buckets.some(isWhole);
  const rows = groupBy(anyWhole ? await rowsOf(wanted, bucket, span) : [], ({ fromMs }) => fromMs);
  return Promise.all(
    buckets.map(async (one) => {
      const { part, sight } = one;
      if (isWhole(one)) return usagePart(part, { rows: rows.get(part.fromMs) ?? [], seen: sight, nowMs });
      const hours = bucket === 'hour' ? [] : wholeHours(sight, zone);
      const [first] = hours;
      if (first === undefined) return usagePart(part, { rows: [], seen: [], nowMs });
      const known = new Set(hours.map(({ fromMs }) => fromMs));
      const own = await rowsOf(wanted, 'hour', { fromMs: first.fromMs, toMs: hours.at(-1)!.toMs });
      return usagePart(part, { rows: own.filter(({ fromMs }) => known.has(fromMs)), seen: hours, nowMs });
    }),
  );
}

/** The hours over the limit that a point has now, by the rule by which they are told. */
async function hoursOver({ pool, zone }: Wanted, { id, hourlyLimitKwh }: PointWithLimit, span: Span): Promise<number[]> {
  if (hourlyLimitKwh === null) return [];
  const limitWh = limitWhOf(hourlyLimitKwh);
  const beyond = await hoursBeyond(pool, { pointId: id, limitWh, ...span });
  const judged = await Promise.all(
    beyond.map(async ({ hourMs, quality }) => {
      if (quality === 'measured' || quality === 'interpolated') return [hourMs];
      const hours = hoursAround({ fromMs: hourMs, toMs: hourMs + 1 }, zone);
      const slots = await listIntervals(pool, { pointIds: [id], flows: ['import'], fromMs: hourMs, toMs: hours[0]!.toMs });
      return useByHour(hours, slots).some(({ wh }) => isOver(wh, limitWh)) ? [hourMs] : [];
    }),
  );
  return judged.flat();
}

export interface UsageItem extends UsagePart {
  beforeWh: number | null;
  hoursOver: number;
}

export interface Usage {
  flat: FlatRow;
  zone: string;
  view: UsageView;
  days: DaySpan;
  span: Span;
  before: DaySpan;
  limits: { pointId: number; name: string; limitWh: number }[];
  items: UsageItem[];
  wh: number | null;
  change: UsageChange | null;
}

/** What a flat used, or a producer made, in a day, month or year, beside the one before; only in the own time. */
export async function showUsage(deps: UsageDeps, actor: Actor, { flatId, view, day }: UsageInput): Promise<Usage> {
  const { prisma, pool } = deps.database;
  const nowMs = deps.clock();
  const seenFlat = await seeFlat(deps, actor, 'reading:read', flatId);
  const { flat, zone, sightOf } = seenFlat;
  const days = usagePeriod(view, dayOf(day, zone, nowMs));
  const before = periodBefore(view, days);
  const points = await pointsOfFlat(prisma, flatId);
  const wanted: Wanted = { pool, zone, pointIds: points.map(({ id }) => id), flow: flat.kind === 'producer' ? 'export' : 'import' };
  const span = spanOfDays(days, zone);
  const [parts, earlier, over] = await Promise.all([
    partsOf(wanted, seenFlat, days, { view, nowMs }),
    partsOf(wanted, seenFlat, before, { view, nowMs }),
    Promise.all(points.map((point) => hoursOver(wanted, point, span))),
  ]);
  const inSight = over
    .flat()
    .filter((hourMs) =>
      hoursAround({ fromMs: hourMs, toMs: hourMs + 1 }, zone).every((hour) => wholeHours(sightOf(hour), zone).length > 0),
    );
  const aligned = inTimeBefore(parts, earlier, { view, zone });
  return {
    ...{ flat, zone, view, days, span, before },
    limits: points.flatMap(({ id, name, hourlyLimitKwh }) =>
      hourlyLimitKwh === null ? [] : [{ pointId: id, name, limitWh: limitWhOf(hourlyLimitKwh) }],
    ),
    items: parts.map((part, i) => ({
      ...part,
      beforeWh: aligned[i]?.wh ?? null,
      hoursOver: inSight.filter((hourMs) => hourMs >= part.fromMs && hourMs < part.toMs).length,
    })),
    wh: knownWh(parts),
    change: changeOf(parts, aligned),
  };
}
