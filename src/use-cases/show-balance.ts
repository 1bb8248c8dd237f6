import type { BuildingBalance } from '../domain/building-balance.ts';
import { bucketsIn } from '../domain/energy-bucket.ts';
import type { Span } from '../domain/gap.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { addToDay, dayBounds, dayStart, isDay, localDay } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { lastKnownEnd, loadBalance } from '../store/building-balance.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { demand, seen } from './access.ts';

const LONGEST_DAYS = 4_000;
// What is read is worked out within minutes; a silent meter is told as missing for as long as others are known.
const RECENT_MS = 2 * 86_400_000;
const SETTLED_AFTER_MS = 3_600_000;

export interface ShownBalance extends BuildingBalance, Span {
  zone: string;
  /** How many quarter hours of it are over and worked out. */
  slots: number;
  /** Up to where that is. */
  untilMs: number;
}

export interface DayRangeInput {
  /** Days of the building; `to` is not included. */
  from?: string | undefined;
  to?: string | undefined;
}

function dayRange({ from, to }: DayRangeInput, today: string): { fromDay: string; toDay: string } {
  for (const [field, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isDay(day)) throw new InvalidInput({ [field]: say('notADay') });
  }
  const fromDay = from ?? (to === undefined ? today : addToDay(to, { days: -1 }));
  const toDay = to ?? addToDay(fromDay, { days: 1 });
  if (fromDay >= toDay) throw new InvalidInput({ to: say('notAfterFrom') });
  if (addToDay(fromDay, { days: LONGEST_DAYS }) < toDay) throw new InvalidInput({ to: say('tooManyDays', LONGEST_DAYS) });
  return { fromDay, toDay };
}

/** The main meter against all others in the days [from, to), today by default. */
export async function showBalance(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  { buildingId, ...range }: DayRangeInput & { buildingId: number },
): Promise<ShownBalance> {
  const { prisma, pool } = deps.database;
  const { zone } = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'reading:read', { buildingId });
  const nowMs = deps.clock();
  const { fromDay, toDay } = dayRange(range, localDay(nowMs, zone));
  const span = { fromMs: dayBounds(fromDay, zone).fromMs, toMs: dayStart(toDay, zone) };
  const recent = { fromMs: Math.max(span.fromMs, nowMs - RECENT_MS), toMs: span.toMs };
  const isOver = span.toMs <= nowMs - SETTLED_AFTER_MS;
  const untilMs = isOver ? span.toMs : ((await lastKnownEnd(pool, buildingId, recent)) ?? span.fromMs);
  const slots = bucketsIn({ fromMs: span.fromMs, toMs: Math.min(untilMs, span.toMs) }, 'quarter', zone).length;
  return { zone, ...span, slots, untilMs, ...(await loadBalance(pool, { buildingId, fromDay, toDay, slots })) };
}
