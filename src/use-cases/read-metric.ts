import { parseTopic, type EmdcTopic } from '../domain/emdc-topics.ts';
import type { ReadingRow } from '../domain/outcome.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { isEnergy } from '../domain/quantity.ts';
import { say } from '../domain/refusal.ts';
import { sightOf, visibleParts } from '../domain/sight.ts';
import { AppError, InvalidInput } from '../errors.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { Database } from '../store/database.ts';
import { shortestFloat32 } from '../store/float32.ts';
import { registersOfMeter } from '../store/meter-models.ts';
import { findMetersNamed, type MeterRow } from '../store/meters.ts';
import { newestReading } from '../store/readings.ts';
import type { Deps } from './access.ts';
import { isFresh, stayOf } from './find-latest.ts';
import { readMeterNow } from './read-meter-now.ts';

export type ReadMetricDeps = Deps & { database: Pick<Database, 'prisma' | 'pool'>; adHoc: Pick<AdHoc, 'ask'>; readCron: string };

export interface Metric {
  value: number;
  measuredAt: Date;
  /** No more than two slots old. */
  fresh: boolean;
}

/** How far behind the newest reading a value is looked for that the newest one lacks. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000;

/** One value of one meter by the name that EMDC gave it, `<prefix>/<quantity>`: the newest one stored, or read now. */
export async function readMetric(deps: ReadMetricDeps, actor: Actor, { name, live }: { name: string; live: boolean }): Promise<Metric> {
  const topic = parseTopic(name, '');
  const { prisma } = deps.database;
  const meter = topic && (await findMetersNamed(prisma, reach(actor, 'reading:read'), topic.prefix))[0];
  if (!topic || !meter) throw unknown(name);
  const isInModel = (await registersOfMeter(prisma, meter.id)).some(({ quantity }) => quantity === topic.quantity);
  if (live) {
    if (!isInModel) throw unknown(name);
    return readNow(deps, actor, meter, topic);
  }
  const row = await newestVisible(deps, actor, meter, topic.quantity);
  const value = row === null ? undefined : valueIn(row, topic.quantity);
  if (row !== null && value !== undefined) {
    return { value, measuredAt: new Date(row.takenAtMs), fresh: isFresh(deps, meter, row.atMs) };
  }
  if (!isInModel) throw unknown(name);
  throw new AppError('not-found', say('metricWithoutValue', name), { status: 404 });
}

// As EMDC: no address is missing, the name is wrong.
function unknown(name: string): InvalidInput {
  return new InvalidInput({ name: say('metricUnknown', name) });
}

function valueIn({ values, extra }: ReadingRow, quantity: string): number | undefined {
  return ({ ...extra, ...values } as Record<string, number>)[quantity];
}

async function newestVisible(
  { database: { pool }, clock }: ReadMetricDeps,
  actor: Actor,
  meter: MeterRow,
  quantity: string,
): Promise<ReadingRow | null> {
  const sight = sightOf(reach(actor, 'reading:read'), meter.id, meter.installations.map(stayOf));
  const parts = visibleParts(sight, { fromMs: 0, toMs: clock() + 1 });
  for (const part of parts.toReversed()) {
    const newest = await newestReading(pool, { meterId: meter.id, ...part });
    if (newest === null) continue;
    if (valueIn(newest, quantity) !== undefined) return newest;
    return newestReading(
      pool,
      { meterId: meter.id, fromMs: Math.max(part.fromMs, newest.atMs - LOOK_BACK_MS), toMs: newest.atMs },
      quantity,
    );
  }
  return null;
}

/** With the digits that it would have in a reading. */
function asStored(quantity: string, value: number): number {
  return isEnergy(quantity) ? value : shortestFloat32(Math.fround(value));
}

async function readNow(deps: ReadMetricDeps, actor: Actor, meter: MeterRow, { metric, quantity }: EmdcTopic): Promise<Metric> {
  const reply = await readMeterNow(deps, actor, { meterId: meter.id, quantities: [quantity] });
  const value = reply.ok ? reply.values[quantity] : undefined;
  if (reply.ok && value !== undefined) return { value: asStored(quantity, value), measuredAt: new Date(reply.takenAt), fresh: true };
  const reason = reply.ok ? (reply.refused[quantity]?.reason ?? 'refused') : reply.reason;
  throw new AppError('meter-silent', say('metricNotRead', metric, reason), { status: 502, retryable: true });
}
