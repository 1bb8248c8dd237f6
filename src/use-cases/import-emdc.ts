import { z } from 'zod';
import { parseTopic, unitsIn, type EmdcTopic } from '../domain/emdc-topics.ts';
import { ImportProblems } from '../domain/import-problems.ts';
import type { Actor } from '../domain/permission.ts';
import { SENTENCES } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { makeWallClock, parseWallTime } from '../domain/wall-clock.ts';
import { demand } from './access.ts';
import type { ImportDeps, ImportFile, ImportReport, ImportRun } from './data-import.ts';
import { newHouseFields, refuseTakenName } from './import-house.ts';
import { importSamples, type Sample, type SampledMeter } from './import-samples.ts';
import { nameField, parseInput, textField } from './input.ts';
import { readTable } from './read-records.ts';

export const emdcInput = z.strictObject({
  ...newHouseFields,
  modelKey: nameField(80).meta({ description: 'Of the panels' }),
  /** VOLTTRON keeps UTC. */
  clock: textField(64).refine(isZone, SENTENCES.en.notAZone).default('UTC').meta({ description: 'Of ts' }),
});

export interface EmdcFiles {
  topics: ImportFile;
  data: ImportFile;
  meta: ImportFile | null;
}

const LONGEST_PREFIX = 190;

type Topic = EmdcTopic & { left: number };

/** The tables of EMDC: each prefix of its topics becomes a meter, and the values of one moment one reading of it. */
export async function importEmdc(
  deps: ImportDeps,
  actor: Actor,
  { topics, data, meta }: EmdcFiles,
  { input, ...run }: { input: z.input<typeof emdcInput> } & ImportRun,
): Promise<ImportReport> {
  const { name, zone, modelKey, clock } = parseInput(emdcInput, input);
  demand(actor, 'building:change');
  await refuseTakenName(deps.database.pool, name);
  const problems = new ImportProblems();
  const notes: string[] = [];
  const units = await unitsOf(meta, problems);
  const known = await topicsOf(topics, units, problems, notes);
  const prefixes = [...new Set([...known.values()].map(({ prefix }) => prefix))];
  const keys = new Map(prefixes.map((prefix, key) => [prefix, key]));
  const meters = prefixes.map((prefix, key): SampledMeter => ({
    key,
    serial: prefix.slice(-80),
    flat: prefix.split('/').at(-1) ?? prefix,
    modelKey,
    line: 'EMDC',
    unitId: Math.min(key + 1, 247),
    topic: prefix,
    place: topics.name,
  }));
  const wallClock = makeWallClock(clock);
  const report = await importSamples(deps, actor, {
    file: data,
    needed: ['ts', 'topic_id', 'value_string'],
    meters,
    columns: [...new Set([...known.values()].map(({ quantity }) => quantity))],
    sampleOf({ cells }): Sample {
      const topic = known.get(cells.topic_id);
      if (topic === undefined) return { ok: false, problem: `the topic ${cells.topic_id} is not in ${topics.name}` };
      // Names of states and NaN are no measured values.
      if (!/^[+-]?(\d|\.\d)/.test(cells.value_string)) {
        topic.left += 1;
        return null;
      }
      const time = parseWallTime(cells.ts);
      if (time === null) return { ok: false, problem: `ts "${cells.ts}" is not a time` };
      const meter = keys.get(topic.prefix) ?? 0;
      const instant =
        time.offsetMs === null ? wallClock(topic.metric, time.localMs) : { ok: true as const, ms: time.localMs - time.offsetMs };
      return instant.ok ? { ok: true, meter, column: topic, atMs: instant.ms, text: cells.value_string } : instant;
    },
    house: { name, zone },
    action: 'import-emdc',
    problems,
    notes,
    run,
  });
  const left = [...known.values()].filter((topic) => topic.left > 0);
  return {
    ...report,
    notes: [...notes, ...left.map((topic) => `${topic.prefix}/${topic.metric}: ${topic.left} values that are no numbers are left out`)],
  };
}

async function unitsOf(meta: ImportFile | null, problems: ImportProblems): Promise<Map<string, string>> {
  if (meta === null) return new Map();
  const rows = await readTable(meta, { needed: ['topic_id', 'metadata'], problems });
  return new Map(rows.map(({ cells }) => [cells.topic_id, unitsIn(cells.metadata)]));
}

async function topicsOf(
  file: ImportFile,
  units: ReadonlyMap<string, string>,
  problems: ImportProblems,
  notes: string[],
): Promise<Map<string, Topic>> {
  const found = new Map<string, Topic>();
  const columns = new Map<string, Topic>();
  for (const { place, cells } of await readTable(file, { needed: ['topic_id', 'topic_name'], problems })) {
    const topic = parseTopic(cells.topic_name, units.get(cells.topic_id) ?? '');
    if (topic === null) problems.add(place, `the topic "${cells.topic_name}" has no prefix that could be a meter`);
    else if (topic.prefix.length > LONGEST_PREFIX)
      problems.add(place, `the prefix of the topic takes at most ${LONGEST_PREFIX} characters`);
    else if (found.has(cells.topic_id)) problems.add(place, `the topic ${cells.topic_id} is there twice`);
    else {
      const column = `${topic.prefix} ${topic.quantity}`;
      const same = columns.get(column);
      if (same) problems.add(place, `${topic.metric} and ${same.metric} of ${topic.prefix} would both be ${topic.quantity}`);
      const added = { ...topic, left: 0 };
      found.set(cells.topic_id, added);
      if (!same) columns.set(column, added);
    }
  }
  if (found.size === 0 && problems.count === 0) problems.add('', `${file.name} has no topics.`);
  if (found.size > 0) notes.push('each prefix of topics became a flat of its own: name them, and say what is a producer');
  return found;
}
