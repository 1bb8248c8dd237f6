import type { Pool } from 'mariadb';
import { bucketsIn, type Bucket } from '../domain/energy-bucket.ts';
import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import { energyIn, type FlowEnergy, type PointEnergy } from '../domain/energy.ts';
import type { Span } from '../domain/gap.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { sightOf, visibleParts } from '../domain/sight.ts';
import { localDay, parseMoment } from '../domain/time-bucket.ts';
import type { Database } from '../store/database.ts';
import { listIntervals } from '../store/intervals.ts';
import { findMeteredPoint, type MeteredPoint } from '../store/points.ts';
import { listEnergy, type RolledUp } from '../store/roll-ups.ts';
import { settledUntil } from '../store/settled-until.ts';
import { sqlTime } from '../store/sql-time.ts';
import { seen } from './access.ts';
import { stayOf } from './find-latest.ts';
import { rangeOf, type RangeInput } from './time-range.ts';

const LONGEST_DAYS: Record<Bucket, number> = { quarter: 400, hour: 1_500, day: 20_000, month: 80_000, year: 80_000 };

/** The table that holds a bucket, or parts of it. */
function tableOf(bucket: Exclude<Bucket, 'quarter'>, startDay: number): RolledUp {
  if (bucket === 'hour' || bucket === 'day') return bucket;
  return startDay === 1 ? 'month' : 'day';
}

async function partsOf(
  pool: Pool,
  { pointId, zone, bucket, startDay }: { pointId: number; zone: string; bucket: Bucket; startDay: number },
  { fromMs, toMs }: Span,
): Promise<FlowEnergy[]> {
  const pointIds = [pointId];
  if (bucket === 'quarter') {
    const rows = await listIntervals(pool, { pointIds, flows: MAIN_FLOWS, fromMs, toMs });
    return rows.map(({ flow, slotMs, wh, quality }) => ({
      flow: flow as MainFlow,
      fromMs: slotMs,
      wh,
      quality,
      slots: wh === null ? 0 : 1,
    }));
  }
  const table = tableOf(bucket, startDay);
  const key = (ms: number) => (table === 'hour' ? sqlTime(ms) : localDay(ms, zone));
  const rows = await listEnergy(pool, table, { pointIds, flows: MAIN_FLOWS, from: key(fromMs), to: key(toMs) });
  const beginning = (text: string) => (table === 'hour' ? Date.parse(`${text.replace(' ', 'T')}Z`) : (parseMoment(text, zone) ?? 0));
  return rows.map(({ flow, key: text, wh, quality, slots }) => ({ flow: flow as MainFlow, fromMs: beginning(text), wh, quality, slots }));
}

function visibleSpans(actor: Actor, { flat, installations }: MeteredPoint, span: Span): Span[] {
  const readings = reach(actor, 'reading:read');
  const whole = { flatId: flat.id, buildingId: flat.buildingId, fromMs: 0, toMs: null };
  const ofPoint = sightOf({ ...readings, ownMeters: [] }, 0, [{ meterId: 0, ...whole }]);
  const ofMeters = installations.flatMap((place) => {
    const stay = stayOf(place);
    return sightOf({ ...readings, everywhere: false, buildingIds: [], ownFlats: [] }, place.meterId, [stay]).flatMap((period) =>
      visibleParts([stay], { fromMs: period.fromMs ?? stay.fromMs, toMs: period.toMs ?? span.toMs }),
    );
  });
  return [...ofPoint, ...ofMeters].flatMap((period) => visibleParts([period], span));
}

export interface EnergyOfPoint {
  zone: string;
  settledUntilMs: number | null;
  items: PointEnergy[];
}

/** A point's energy in the buckets that begin in a range and are wholly in sight. */
export async function showPointEnergy(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  { pointId, bucket, billing, ...range }: RangeInput & { pointId: number; bucket: Bucket; billing: boolean },
): Promise<EnergyOfPoint> {
  const { prisma, pool } = deps.database;
  const point = seen(await findMeteredPoint(prisma, reach(actor, 'reading:read'), pointId), 'This point');
  const { zone, billingStartDay } = point.flat.building;
  const startDay = billing ? billingStartDay : 1;
  const nowMs = deps.clock();
  const span = rangeOf(range, zone, { nowMs, longestDays: LONGEST_DAYS[bucket] });
  const visible = visibleSpans(actor, point, { fromMs: span.fromMs, toMs: Number.MAX_SAFE_INTEGER });
  const buckets = bucketsIn(span, bucket, zone, startDay).filter(
    ({ fromMs, toMs }) => fromMs < nowMs && visible.some((part) => part.fromMs <= fromMs && toMs <= part.toMs),
  );
  const [first] = buckets;
  const [until, parts] = await Promise.all([
    settledUntil(pool, [pointId]),
    first === undefined ? [] : partsOf(pool, { pointId, zone, bucket, startDay }, { fromMs: first.fromMs, toMs: buckets.at(-1)!.toMs }),
  ]);
  return { zone, settledUntilMs: until.get(pointId) ?? null, items: energyIn(buckets, parts) };
}
