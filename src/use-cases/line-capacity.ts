import type { Redis } from 'ioredis';
import type { LinePlace } from '../domain/line-place.ts';
import { planReads, UnreadableModel } from '../domain/read-plan.ts';
import type { ReadBlock } from '../domain/register-hole.ts';
import { overload } from '../domain/overload.ts';
import { roundsOf, strainOf, type Round } from '../domain/round-time.ts';
import { parseCadence } from '../domain/slot.ts';
import { InvalidInput } from '../errors.ts';
import { readMeterHealth } from '../queue/health.ts';
import { findLineLoad, type LineLoad } from '../store/line-load.ts';
import { toModel } from '../store/meter-models.ts';
import type { Db } from '../store/prisma-transaction.ts';

export interface CapacityDeps {
  clock: () => number;
  /** The rhythm of meters that have none of their own. */
  readCron?: string;
  /** Where pollers tell how long their meters took. */
  redis?: Redis;
}

const USUAL_CADENCE = '*/15 * * * *';

type LoadedMeter = LineLoad['installations'][number]['meter'];

/** None where the model cannot be read: then nothing is asked. */
function blocksOf({ model, holes }: LoadedMeter): ReadBlock[] {
  try {
    return planReads(toModel(model), undefined, holes).blocks;
  } catch (err) {
    if (err instanceof UnreadableModel) return [];
    throw err;
  }
}

/** Over Modbus TCP nobody knows how fast the bus behind is, so what was measured counts. */
async function measuredLatencies({ redis }: CapacityDeps, load: LineLoad): Promise<Map<number, number>> {
  if (redis === undefined || load.transport !== 'tcp') return new Map();
  const told = await readMeterHealth(
    redis,
    load.installations.map(({ meter }) => meter.id),
  ).catch(() => new Map());
  return new Map([...told].flatMap(([meterId, { latencyMedianMs }]) => (latencyMedianMs === null ? [] : [[meterId, latencyMedianMs]])));
}

/** How long the rounds of a line take by its settings and what is read on it. */
export async function roundsOnLine(db: Db, deps: CapacityDeps, lineId: number): Promise<Round[]> {
  const load = await findLineLoad(db, lineId);
  if (load === null || load.transport === 'push') return [];
  const latencies = await measuredLatencies(deps, load);
  const meters = load.installations.flatMap(({ meter }) => {
    const parsed = parseCadence(meter.cadence || (deps.readCron ?? USUAL_CADENCE));
    return parsed.ok ? [{ blocks: blocksOf(meter), latencyMs: latencies.get(meter.id) ?? null, cadence: parsed.cadence }] : [];
  });
  const line = { place: load as LineLoad & LinePlace, timeoutMs: load.timeoutMs, pauseMs: load.pauseMs };
  return roundsOf(line, meters, deps.clock());
}

/**
 * Does the work, and takes it back where the line could not do its rounds in time any more. What was too much before may
 * be made less, step by step.
 */
export async function withinCapacity<T>(
  tx: Db,
  deps: CapacityDeps,
  { lineId, field }: { lineId: number | null; field: string },
  work: () => Promise<T>,
): Promise<T> {
  if (lineId === null) return work();
  const before = strainOf(await roundsOnLine(tx, deps, lineId));
  const result = await work();
  const rounds = await roundsOnLine(tx, deps, lineId);
  const problem = overload(rounds);
  if (problem !== null && strainOf(rounds) >= before) throw new InvalidInput({ [field]: problem });
  return result;
}
