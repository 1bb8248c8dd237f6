import type { Connection } from 'mariadb';
import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import { energyIn } from '../domain/energy.ts';
import { groupBy } from '../domain/group-by.ts';
import { addToDay, dayBounds, localDay } from '../domain/time-bucket.ts';
import { POINTS_AT_ONCE } from '../domain/webhook.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { listEnergy } from '../store/roll-ups.ts';
import { inTransaction } from '../store/transaction.ts';
import { unsettledPoints } from '../store/unsettled-points.ts';
import { lockDayListener, pointsOfBuilding, setDayTold, type DayListener } from '../store/webhook-days.ts';
import { insertEvents } from '../store/webhook-events.ts';
import { dayListeners } from '../store/webhooks.ts';

export interface TellDaysDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
  log: Logger;
}

/** So long a day waits for what is not settled: then it is told as it is known. */
const LONGEST_WAIT_MS = 36 * 3_600_000;

/** The next day that a receiver was not told of; null while it is not over. */
function nextDay(dayTold: string | null, nowMs: number, zone: string): string | null {
  const yesterday = addToDay(localDay(nowMs, zone), { days: -1 });
  const next = dayTold === null ? yesterday : addToDay(dayTold, { days: 1 });
  return next <= yesterday ? next : null;
}

/** By point, in the shape of the energy of a point: whole Wh, null where nothing is known. */
async function itemsOf(connection: Connection, { buildingId, zone }: DayListener, day: string) {
  const points = await pointsOfBuilding(connection, buildingId);
  const span = dayBounds(day, zone);
  const pointIds = points.map(({ pointId }) => pointId);
  const rows = await listEnergy(connection, 'day', { pointIds, flows: MAIN_FLOWS, from: day, to: addToDay(day, { days: 1 }) });
  const energy = groupBy(rows, ({ pointId }) => pointId);
  return points.map((point) => {
    const parts = (energy.get(point.pointId) ?? []).map((row) => ({ ...row, flow: row.flow as MainFlow, fromMs: span.fromMs }));
    const [known] = energyIn([span], parts);
    const { importWh = null, exportWh = null, quality = 'missing', coverage = 0 } = known ?? {};
    return { ...point, importWh, exportWh, quality, coverage };
  });
}

/** In one transaction: a day is told whole, and once. */
function tellDay({ database: { pool }, clock }: TellDaysDeps, webhookId: number): Promise<string | null> {
  return inTransaction(pool, async (connection) => {
    const listener = await lockDayListener(connection, webhookId);
    if (listener === null) return null;
    const { buildingId, zone, dayTold } = listener;
    const day = nextDay(dayTold, clock(), zone);
    if (day === null) return null;
    const { toMs } = dayBounds(day, zone);
    const isSettled = (await unsettledPoints(connection, buildingId, toMs)).length === 0;
    if (!isSettled && clock() < toMs + LONGEST_WAIT_MS) return null;
    const items = await itemsOf(connection, listener, day);
    const parts = Math.max(1, Math.ceil(items.length / POINTS_AT_ONCE));
    const events = Array.from({ length: parts }, (_, part) => ({
      ...{ webhookId, type: 'day.values' as const, about: `${day}/${part + 1}`, atMs: toMs },
      data: {
        ...{ buildingId, day, zone, settled: isSettled, part: part + 1, parts },
        items: items.slice(part * POINTS_AT_ONCE, (part + 1) * POINTS_AT_ONCE),
      },
    }));
    await insertEvents(connection, events);
    await setDayTold(connection, webhookId, day);
    return day;
  });
}

/** Tells each receiver that wants it the next day that is over and settled; the reconciler hands it on. */
export async function tellDays(deps: TellDaysDeps): Promise<void> {
  const { database, clock, log } = deps;
  for (const { id, dayTold, zone } of await dayListeners(database.prisma)) {
    if (nextDay(dayTold, clock(), zone) === null) continue;
    const day = await tellDay(deps, id);
    if (day !== null) log.info({ webhookId: id, day }, 'a day is told');
  }
}
