import type { ImportProblems } from '../domain/import-problems.ts';
import type { NewFlat, NewInstallation } from '../domain/new-house.ts';
import type { Actor } from '../domain/permission.ts';
import { parseSample, type SampleColumn } from '../domain/sample-value.ts';
import { withStaging, type RowPlace } from '../store/import-staging.ts';
import type { ImportDeps, ImportFile, ImportReport, ImportRun } from './data-import.ts';
import { importHouse } from './import-house.ts';
import { readRecords, type PlacedRecord } from './read-records.ts';
import { newTally, notesOf, tallyMoment, type Tally } from './tally-moments.ts';

/** A meter of a system that kept its values one by one. */
export type SampledMeter = Omit<NewInstallation, 'fromMs' | 'toMs'> & { flat: string; place: string };

/** What a row says; null for one that is left out, with the reason. */
export type Sample = { ok: true; meter: number; column: SampleColumn; atMs: number; text: string } | { ok: false; problem: string } | null;

interface SamplesInput<C extends string> {
  file: ImportFile;
  needed: readonly C[];
  optional?: readonly C[];
  meters: readonly SampledMeter[];
  /** Every name that a value can have here. */
  columns: readonly string[];
  sampleOf(record: PlacedRecord<C>): Sample;
  house: { name: string; zone: string };
  action: string;
  problems: ImportProblems;
  notes: string[];
  run: ImportRun;
}

/** A new building of meters and their values, which come one to a row and in any order; those of one moment become one reading. */
export async function importSamples<const C extends string>(deps: ImportDeps, actor: Actor, input: SamplesInput<C>): Promise<ImportReport> {
  const { file, meters, columns, problems, notes, run } = input;
  // Its values would mean nothing, and each be an error.
  if (columns.length === 0 || meters.length === 0) return refused(problems, notes);
  const placeOf = ({ seq }: RowPlace) => `${file.name} line ${seq}`;
  return withStaging(deps.database.pool, columns, async (staging) => {
    const places = new Map(columns.map((name, place) => [name, place]));
    const onBytes = (done: number) => run.onProgress?.('reading', done, file.bytes);
    const rows = readRecords(file, { needed: input.needed, ...(input.optional ? { optional: input.optional } : {}), problems, onBytes });
    let next = await rows.next();
    for (; next.done !== true; next = await rows.next()) {
      for (const record of next.value) {
        const sample = record.ok ? input.sampleOf(record) : record;
        if (sample === null) continue;
        const value = sample.ok ? parseSample(sample.text, sample.column) : sample;
        if (!value.ok) problems.add(record.place, value.problem);
        if (!record.ok || !sample.ok || !value.ok) continue;
        const values: (number | null)[] = columns.map(() => null);
        values[places.get(sample.column.quantity) ?? 0] = value.value;
        await staging.add({ meter: sample.meter, atMs: sample.atMs, seq: record.line, key: 0, values });
      }
    }
    await staging.flush();
    const spans = new Map((await staging.meters()).map((meter) => [meter.meter, meter]));
    if (spans.size === 0 && problems.count === 0) problems.add('', `${file.name} has no values.`);
    const tallies = new Map<number, Tally>();
    for (const { key, serial } of meters) {
      const tally = newTally();
      for await (const moments of staging.moments(key)) {
        for (const moment of moments) {
          tallyMoment(tally, moment, { columns, contradictions: 'noted', placeOf, problems, nowMs: deps.clock() });
        }
      }
      tallies.set(key, tally);
      notes.push(...notesOf(serial, tally, placeOf));
    }
    return importHouse(deps, actor, staging, {
      house: { ...input.house, flats: flatsOf(meters, (key) => spans.get(key)?.firstMs ?? null) },
      columnsOf: new Map(meters.map(({ key }) => [key, columns])),
      counts: new Map([...tallies].map(([key, { moments }]) => [key, moments])),
      placeOfMeter: (key) => meters.find((meter) => meter.key === key)?.place ?? '',
      hash: next.value.hash,
      source: file.name,
      action: input.action,
      problems,
      notes,
      run,
    });
  });
}

function refused({ list, count }: ImportProblems, notes: string[]): ImportReport {
  return { stored: false, buildingId: null, problems: list, problemCount: count, notes, made: [], meters: [] };
}

/** Nobody said what they measure for: each has a flat of its own, to be named later. */
function flatsOf(meters: readonly SampledMeter[], startOf: (key: number) => number | null): NewFlat[] {
  const taken = new Set<string>();
  return meters.map(({ flat, place: _, ...meter }) => {
    let name = flat.slice(0, 80);
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${flat.slice(0, 74)} (${number})`;
    taken.add(name.toLowerCase());
    return { name, kind: 'consumer', points: [{ name: 'Point 1', installations: [{ ...meter, fromMs: startOf(meter.key), toMs: null }] }] };
  });
}
