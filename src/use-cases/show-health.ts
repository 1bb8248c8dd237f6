import type { Redis } from 'ioredis';
import type { LineHealth } from '../domain/line-health.ts';
import type { MeterHealth } from '../domain/meter-health.ts';
import { can, reach, type Actor } from '../domain/permission.ts';
import type { RegisterHole } from '../domain/register-hole.ts';
import { overload } from '../domain/overload.ts';
import { occupancyOf, type Round } from '../domain/round-time.ts';
import { parseCadence } from '../domain/slot.ts';
import { readLineHealth, readMeterHealth, type Told } from '../queue/health.ts';
import { findHolders } from '../queue/lease.ts';
import { findLine } from '../store/lines.ts';
import { findMeter } from '../store/meters.ts';
import { listHoles } from '../store/register-holes.ts';
import { seen, type Deps } from './access.ts';
import { roundsOnLine } from './line-capacity.ts';

export type HealthDeps = Deps & { redis: Redis };
/** `readCron`: the rhythm of meters that have none of their own. */
export type MeterHealthDeps = HealthDeps & { readCron: string };

export interface ShownLine {
  /** Null: no poller has read on it yet. */
  told: Told<LineHealth> | null;
  /** The process that reads it, such as `cellar-pc:1234`; null while none does. */
  readBy: string | null;
  /** What its rounds take by its settings. */
  rounds: Round[];
  predictedOccupancy: number;
  /** Why its rounds cannot be done in their time. */
  problem: string | null;
}

export async function showLineHealth(deps: HealthDeps, actor: Actor, { lineId }: { lineId: number }): Promise<ShownLine> {
  const { prisma } = deps.database;
  const line = seen(await findLine(prisma, reach(actor, 'line:read'), lineId), 'This line');
  const holder = (await findHolders(deps.redis, [line.poller])).get(line.poller);
  const rounds = await roundsOnLine(prisma, deps, lineId);
  return {
    told: (await readLineHealth(deps.redis, [lineId])).get(lineId) ?? null,
    readBy: holder ? `${holder.host}:${holder.pid}` : null,
    rounds,
    predictedOccupancy: occupancyOf(rounds),
    problem: overload(rounds)?.toString() ?? null,
  };
}

export interface ShownMeter {
  /** Null: no poller has read it yet. */
  told: Told<MeterHealth> | null;
  holes: (RegisterHole & { learnedAt: Date })[];
  /** When it is read next; null once it is closed. */
  nextSlotMs: number | null;
}

export async function showMeterHealth(deps: MeterHealthDeps, actor: Actor, { meterId }: { meterId: number }): Promise<ShownMeter> {
  const { prisma } = deps.database;
  const meter = seen(await findMeter(prisma, reach(actor, 'meter:read'), meterId), 'This meter');
  const told = (await readMeterHealth(deps.redis, [meterId])).get(meterId) ?? null;
  const buildingId = meter.installations.at(-1)?.point.flat.buildingId ?? null;
  // It tells hosts and unit ids.
  if (told?.lastFailure && !can(actor, 'line:read', { buildingId })) told.lastFailure.detail = '';
  const rhythm = parseCadence(meter.cadence || deps.readCron);
  const nextSlotMs = meter.state === 'closed' || !rhythm.ok ? null : rhythm.cadence.after(deps.clock());
  return { told, holes: await listHoles(prisma, meterId), nextSlotMs };
}
