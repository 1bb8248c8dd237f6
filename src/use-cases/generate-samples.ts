import { z } from 'zod';
import { groupBy } from '../domain/group-by.ts';
import type { Actor } from '../domain/permission.ts';
import { sampleMoments, sampleTopic, waveOf, type Wave } from '../domain/sample-wave.ts';
import { parseWallTime } from '../domain/wall-clock.ts';
import { AppError, InvalidInput } from '../errors.ts';
import { writeActivity } from '../store/activities.ts';
import { markDirty, markLate } from '../store/dirty-windows.ts';
import { freeSlots } from '../store/gaps.ts';
import { importPlaces } from '../store/import-places.ts';
import { findModelByKey } from '../store/meter-models.ts';
import { insertSampleMeter, meterOfPrefix } from '../store/sample-meters.ts';
import { clearQuantity, startEarlier, writeSamples } from '../store/sample-readings.ts';
import { inTransaction } from '../store/transaction.ts';
import { demand } from './access.ts';
import { createBuilding } from './create-building.ts';
import type { ImportDeps } from './data-import.ts';

const WINDOW_MS = 86_400_000;
const MOST_VALUES = 10_000_000;

const moment = z.string().transform((text, context) => {
  const time = parseWallTime(text);
  if (time !== null) return time.localMs - (time.offsetMs ?? 0);
  context.addIssue({ code: 'custom', message: 'must be a time such as 2026-11-01T00:00:00Z; without an offset it is UTC' });
  return z.NEVER;
});

const entry = z
  .strictObject({
    start: moment,
    end: moment,
    topic_id: z.number().int(),
    topic_name: z.string(),
    sample_rate: z.number().positive('must be above 0').max(1_000).default(0.01),
    period: z.number().positive('must be above 0').default(86_400),
    amplitude_cos: z.number().default(0),
    amplitude_sin: z.number().default(0),
    amplitude_offset: z.number().default(0),
    spread: z.number().min(0).default(0.05),
  })
  .refine(({ start, end }) => end > start, { path: ['end'], error: 'must come after start' });

const entries = z.array(entry).min(1, 'has no entries');

/** What stands over each entry of the file; 0 counts. */
export interface SampleOverrides {
  topic_id?: number;
  topic_name?: string;
  sample_rate?: number;
  spread?: number;
}

/** A file of EMDC's gendata, checked. */
export function parseSamples(value: unknown, overrides: SampleOverrides): Wave[] {
  const given = Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'object' ? { ...one, ...overrides } : one)) : value;
  const parsed = entries.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [place, ...rest], message }) => {
      const where = typeof place === 'number' ? [`entry ${place + 1}`, ...rest].join(', ') : 'the file';
      return [where, message] as const;
    });
    throw new InvalidInput(Object.fromEntries(problems));
  }
  const waves = parsed.data.map((one, place) => {
    const topic = sampleTopic(one.topic_name);
    if (topic === null)
      throw new InvalidInput({ [`entry ${place + 1}, topic_name`]: `"${one.topic_name}" has no prefix that could be a meter` });
    const wave = {
      startMs: one.start,
      endMs: one.end,
      topicId: one.topic_id,
      topicName: one.topic_name,
      sampleRate: one.sample_rate,
      periodS: one.period,
      amplitudeCos: one.amplitude_cos,
      amplitudeSin: one.amplitude_sin,
      amplitudeOffset: one.amplitude_offset,
      spread: one.spread,
    };
    return waveOf(wave, topic, place);
  });
  checkTopics(waves);
  const total = waves.reduce((sum, { count }) => sum + count, 0);
  if (total > MOST_VALUES) throw new InvalidInput({ sample_rate: `makes ${total} values: at most ${MOST_VALUES} at once` });
  if (total === 0) throw new InvalidInput({ sample_rate: 'makes no value at all in so short a time' });
  return waves;
}

/** Two topics never become one quantity, and one number never means two topics. */
function checkTopics(waves: readonly Wave[]): void {
  for (const wave of waves) {
    const other = waves.find(({ topicId, topicName, topic }) => {
      const isSame = topicId === wave.topicId || (topic.prefix === wave.topic.prefix && topic.quantity === wave.topic.quantity);
      return isSame && topicName !== wave.topicName;
    });
    if (other === undefined) continue;
    throw new InvalidInput({
      [`entry ${wave.place + 1}`]: `${wave.topicName} and ${other.topicName} are two topics, but have one number or one quantity`,
    });
  }
}

export interface GenerateInput {
  waves: readonly Wave[];
  seed: number;
  /** For meters that are not there yet; made if it is not there either. */
  building: string;
  zone: string;
  modelKey: string;
  dryRun: boolean;
  onProgress?(done: number, total: number): void;
}

export interface Generated {
  prefix: string;
  /** Null: made by this. */
  serial: string | null;
  values: number;
  fromMs: number;
  toMs: number;
}

/** Waves become readings of sample meters, one transaction per meter; what these have of the same topics in the same time is replaced. */
export async function generateSamples(deps: ImportDeps, actor: Actor, input: GenerateInput): Promise<Generated[]> {
  demand(actor, 'building:change');
  const { prisma } = deps.database;
  const model = await findModelByKey(prisma, input.modelKey);
  if (model === null) throw new InvalidInput({ '--model': `there is no meter model ${input.modelKey}` });
  const groups = [...groupBy(input.waves, ({ topic }) => topic.prefix)];
  const known = new Map<string, Awaited<ReturnType<typeof meterOfPrefix>>>();
  for (const [prefix] of groups) {
    const meter = await meterOfPrefix(prisma, prefix);
    if (meter !== null && !meter.sample) {
      throw new AppError(
        'real-meter',
        `${prefix} is the meter ${meter.serial}, which measures: sample data goes to sample meters only. Nothing was stored.`,
      );
    }
    known.set(prefix, meter);
  }
  const total = input.waves.reduce((sum, { count }) => sum + count, 0);
  const generated: Generated[] = [];
  let done = 0;
  for (const [prefix, waves] of groups) {
    const fromMs = Math.min(...waves.map(({ startMs }) => startMs));
    const toMs = Math.max(...waves.map(({ endMs }) => endMs));
    const values = waves.reduce((sum, { count }) => sum + count, 0);
    const meter = known.get(prefix) ?? null;
    generated.push({ prefix, serial: meter?.serial ?? null, values, fromMs, toMs });
    if (input.dryRun) continue;
    const buildingId = meter?.buildingId ?? (await buildingFor(deps, actor, input));
    const { id } = meter ?? (await insertSampleMeter(prisma, { buildingId, prefix, modelId: model.id, fromMs }));
    const detail = `${prefix}: ${values} values`;
    await storeWaves(deps, actor, { meterId: id, buildingId, waves, seed: input.seed, fromMs, toMs, detail }, (count) => {
      input.onProgress?.(done + count, total);
    });
    done += values;
  }
  return generated;
}

async function buildingFor(deps: ImportDeps, actor: Actor, { building, zone }: GenerateInput): Promise<number> {
  const there = await deps.database.prisma.building.findFirst({ where: { name: building }, select: { id: true } });
  return (there ?? (await createBuilding(deps, actor, { name: building, zone }))).id;
}

interface StoreWaves {
  meterId: number;
  buildingId: number;
  waves: readonly Wave[];
  seed: number;
  fromMs: number;
  toMs: number;
  detail: string;
}

async function storeWaves(deps: ImportDeps, actor: Actor, wanted: StoreWaves, tell: (count: number) => void): Promise<void> {
  const { meterId, buildingId, waves, seed, fromMs, toMs, detail } = wanted;
  await inTransaction(deps.database.pool, async (connection) => {
    for (const { startMs, endMs, topic } of waves)
      await clearQuantity(connection, { meterId, fromMs: startMs, toMs: endMs }, topic.quantity);
    const values = waves.reduce((sum, { count }) => sum + count, 0);
    for (let windowMs = fromMs; windowMs < toMs; windowMs += WINDOW_MS) {
      const window = { fromMs: windowMs, toMs: Math.min(windowMs + WINDOW_MS, toMs) };
      const moments = sampleMoments(waves, { ...window, seed });
      await writeSamples(connection, meterId, moments);
      await freeSlots(connection, [{ meterId, ...window }]);
      tell(Math.round((values * (window.toMs - fromMs)) / (toMs - fromMs)));
    }
    await startEarlier(connection, meterId, fromMs);
    const places = (await importPlaces(connection)).filter((place) => place.meterId === meterId);
    await markDirty(
      connection,
      places.map(({ pointId }) => ({ pointId, fromMs, toMs, cause: 'reading' as const })),
    );
    await markLate(connection, [{ meterId, fromMs, toMs }]);
    await writeActivity(connection, actor, { action: 'generate-samples', buildingId, detail });
  });
}
