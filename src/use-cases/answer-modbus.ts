import type { Redis } from 'ioredis';
import { EXCEPTION, type RegisterAnswer, type RegisterRequest } from '../domain/modbus-answer.ts';
import { answerUnit, type LatestOfMeter } from '../domain/modbus-map.ts';
import { freshUntil, parseCadence } from '../domain/slot.ts';
import { pushCadence } from '../domain/push-cadence.ts';
import type { Logger } from '../logger.ts';
import { readLatest } from '../queue/live.ts';
import type { Database } from '../store/database.ts';
import { loadModbusMap, modbusMapVersion, type ServedUnit } from '../store/modbus-units.ts';

export interface AnswerModbusDeps {
  database: Pick<Database, 'prisma'>;
  redis: Redis;
  clock: () => number;
  /** The rhythm of meters that have none of their own. */
  readCron: string;
  log: Logger;
}

const LOOK_EVERY_MS = 1_000;
const WHOLE_LOOK_EVERY_MS = 30_000;
// A controller is answered from the map as last known rather than late.
const PATIENCE_MS = 250;

/** The map in memory: at most a second older than the database, or as last known while that is away. */
function makeMap({ database: { prisma }, log }: AnswerModbusDeps, monotonic: () => number) {
  let units: ReadonlyMap<number, ServedUnit> | null = null;
  let version = '';
  let lookedMs = -Infinity;
  let loadedMs = -Infinity;
  let looking: Promise<void> | null = null;
  let isAway = false;

  async function look(): Promise<void> {
    const startedMs = monotonic();
    try {
      const now = await modbusMapVersion(prisma);
      if (units === null || now !== version || startedMs - loadedMs >= WHOLE_LOOK_EVERY_MS) {
        units = new Map((await loadModbusMap(prisma)).map((unit) => [unit.unitId, unit]));
        loadedMs = startedMs;
        version = now;
      }
      isAway = false;
    } catch (err) {
      if (!isAway) log.warn({ err }, 'database away: the modbus map is answered as last known');
      isAway = true;
    }
    lookedMs = monotonic();
  }

  return async (): Promise<ReadonlyMap<number, ServedUnit> | null> => {
    if (monotonic() - lookedMs < LOOK_EVERY_MS) return units;
    looking ??= look().finally(() => {
      looking = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await (isAway ? undefined : Promise.race([looking, patience]));
    clearTimeout(timer);
    return units;
  };
}

/**
 * What a building controller reads. Each answer is made of what Redis holds at that moment, which is what was committed
 * last; without Redis, or without a map, there is exception 4 and never a value of before.
 */
export function makeAnswerModbus(deps: AnswerModbusDeps, monotonic: () => number = () => performance.now()) {
  const map = makeMap(deps, monotonic);
  const freshness = new Map<number, { key: string; untilMs: number }>();

  /** Asking cron is slow, and a reading is asked for many times. */
  function freshUntilMs({ unitId, cadence, pushes, slots }: ServedUnit, atMs: number): number {
    const key = `${cadence} ${pushes} ${slots} ${atMs}`;
    const known = freshness.get(unitId);
    if (known?.key === key) return known.untilMs;
    const parsed = pushes ? { ok: true as const, cadence: pushCadence(cadence) } : parseCadence(cadence || deps.readCron);
    const untilMs = parsed.ok ? freshUntil(parsed.cadence, atMs, slots) : -Infinity;
    freshness.set(unitId, { key, untilMs });
    return untilMs;
  }

  async function latestOf(unit: ServedUnit): Promise<LatestOfMeter | null> {
    const latest = (await readLatest(deps.redis, [unit.meterId])).get(unit.meterId);
    if (latest === undefined || !unit.isThere) return null;
    const nowMs = deps.clock();
    const ageS = Math.max(0, Math.floor((nowMs - latest.takenAtMs) / 1_000));
    return { values: latest.values, ageS, isTooOld: nowMs >= freshUntilMs(unit, latest.atMs) };
  }

  return async (request: RegisterRequest): Promise<RegisterAnswer> => {
    const units = await map();
    if (units === null) return { exception: EXCEPTION.serverFailure };
    const unit = units.get(request.unitId);
    if (unit === undefined) return { exception: EXCEPTION.noSuchUnit };
    return answerUnit(unit, request, await latestOf(unit), unit.slots);
  };
}
