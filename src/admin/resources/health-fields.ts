import type { Redis } from 'ioredis';
import { overload } from '../../domain/overload.ts';
import { arithmetic, occupancyOf, seconds, type Round } from '../../domain/round-time.ts';
import type { LineHealth } from '../../domain/line-health.ts';
import type { MeterHealth } from '../../domain/meter-health.ts';
import { readLineHealth, readMeterHealth } from '../../queue/health.ts';
import { roundsOnLine } from '../../use-cases/line-capacity.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ComputedSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';

const NOT_READ = 'Not read yet';
const NOTHING = () => ({});

interface ToldLine {
  health: LineHealth | undefined;
  rounds: Round[];
}

// The pages are there without Redis, too.
async function orNone<T>(told: Promise<Map<number, T>>): Promise<Map<number, T>> {
  return told.catch(() => new Map<number, T>());
}

export function besideMeters(redis: Redis) {
  return (ids: readonly number[]) => orNone(readMeterHealth(redis, ids));
}

export function besideLines(deps: OfficeDeps) {
  return async (ids: readonly number[]): Promise<Map<number, ToldLine>> => {
    const health = await orNone(readLineHealth(deps.redis, ids));
    // Only the page of a line shows them, and they take all of its meters and registers.
    const [only, ...more] = ids;
    const rounds = only === undefined || more.length > 0 ? [] : await roundsOnLine(deps.database.prisma, deps, only);
    return new Map(ids.map((id) => [id, { health: health.get(id), rounds }]));
  };
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

const milliseconds = (ms: number | null) => (ms === null ? '–' : `${Math.round(ms)} ms`);

function ofMeter(label: string, value: (health: MeterHealth) => string): ComputedSpec {
  return {
    label,
    select: NOTHING,
    value: (row: Row) => {
      const health = row['told'] as MeterHealth | undefined;
      return health ? value(health) : NOT_READ;
    },
  };
}

export const METER_HEALTH: Record<string, ComputedSpec> = {
  answers: ofMeter('Answers', ({ slots, answered }) => `${answered} of the last ${slots}`),
  lastAnswer: ofMeter('Last answer', ({ lastAnswerMs }) => (lastAnswerMs === null ? 'None yet' : utc(lastAnswerMs))),
  lastFailure: ofMeter('Last failure', ({ lastFailure }) =>
    lastFailure === null ? 'None' : `${lastFailure.reason}: ${lastFailure.detail} (${utc(lastFailure.atMs)})`,
  ),
  latency: ofMeter(
    'Time to answer',
    ({ latencyMedianMs, latencyP95Ms }) =>
      `${milliseconds(latencyMedianMs)} in the median, ${milliseconds(latencyP95Ms)} at most in 95 of 100`,
  ),
};

function connectionOf({ connection, silentSinceMs }: LineHealth): string {
  if (connection === null) return NOT_READ;
  if (!connection.up) return `Down since ${utc(connection.sinceMs)}: ${connection.detail}`;
  if (silentSinceMs !== null) return `Nobody answers since ${utc(silentSinceMs)}: only probed until one does`;
  return `Up since ${utc(connection.sinceMs)}`;
}

function ofLine(label: string, value: (told: ToldLine) => string): ComputedSpec {
  return {
    label,
    select: NOTHING,
    value: (row: Row) => value((row['told'] as ToldLine | undefined) ?? { health: undefined, rounds: [] }),
  };
}

const ofLineHealth = (label: string, value: (health: LineHealth) => string) =>
  ofLine(label, ({ health }) => (health ? value(health) : NOT_READ));

export const LINE_HEALTH: Record<string, ComputedSpec> = {
  connection: ofLineHealth('Connection', connectionOf),
  occupancy: ofLineHealth('Busy', ({ occupancy }) => `${percent(occupancy)} of the last hour`),
  lastRound: ofLineHealth('Last round', ({ lastRound }) =>
    lastRound === null
      ? 'None yet'
      : `${lastRound.answered} of ${lastRound.meters} meters in ${seconds(lastRound.tookMs)}, begun ${utc(lastRound.startedMs)}`,
  ),
  predicted: ofLine('A round should take', ({ rounds }) => {
    if (rounds.length === 0) return 'No meter is read here yet';
    const problem = overload(rounds);
    if (problem !== null) return `Too long: ${String(problem)}`;
    const each = rounds.map((round) => `${arithmetic(round)} every ${seconds(round.periodMs)}`);
    return `${each.join('; ')}: busy ${percent(occupancyOf(rounds))} of the time`;
  }),
};
