import { z } from 'zod';
import { ImportProblems } from '../domain/import-problems.ts';
import { METER_DATA, parseDumpObject, placeOfObject } from '../domain/mmetering-dump.ts';
import { houseOfDump, type OldFlat, type OldMeter } from '../domain/mmetering-house.ts';
import type { Actor } from '../domain/permission.ts';
import type { EnergyQuantity } from '../domain/quantity.ts';
import { makeWallClock } from '../domain/wall-clock.ts';
import { jsonItems } from '../sheets/json-items.ts';
import { withStaging, type Staging } from '../store/import-staging.ts';
import { demand } from './access.ts';
import { watched, type ImportDeps, type ImportFile, type ImportReport, type ImportRun } from './data-import.ts';
import { importHouse, newHouseFields, refuseTakenName } from './import-house.ts';
import { parseInput } from './input.ts';
import { newTally, notesOf, tallyMoment } from './tally-moments.ts';

/** The zone is that of the building, and of its clock unless another one is said. */
export const mmeteringInput = z.strictObject({
  ...newHouseFields,
  clock: newHouseFields.zone.optional().meta({ description: 'Of a clock that knew no summer time, such as Etc/GMT-1' }),
});

const COUNTERS: Record<'import' | 'export', readonly EnergyQuantity[]> = {
  import: ['import_active_energy_total', 'import_active_energy_l1', 'import_active_energy_l2', 'import_active_energy_l3'],
  export: ['export_active_energy_total', 'export_active_energy_l1', 'export_active_energy_l2', 'export_active_energy_l3'],
};

/** Everything of the dump but its readings, which are staged. */
interface Dump {
  flats: OldFlat[];
  meters: Omit<OldMeter, 'span'>[];
  /** Of each meter's readings: where the first one stands. */
  readings: Map<number, { place: string; count: number }>;
  others: Map<string, number>;
  hash: string;
}

/** A `dumpdata` of mmetering becomes a building: flats, points, meters one after the other, and all their readings. */
export async function importMmetering(
  deps: ImportDeps,
  actor: Actor,
  file: ImportFile,
  { input, ...run }: { input: z.input<typeof mmeteringInput> } & ImportRun,
): Promise<ImportReport> {
  const { name, zone, clock = zone } = parseInput(mmeteringInput, input);
  demand(actor, 'building:change');
  const { pool } = deps.database;
  await refuseTakenName(pool, name);
  const problems = new ImportProblems();
  return withStaging(pool, COUNTERS.import, async (staging) => {
    const dump = await stageDump(staging, { file, clock, problems, run });
    const spans = new Map((await staging.meters()).map((meter) => [meter.meter, meter]));
    for (const [pk, { place, count }] of dump.readings) {
      if (dump.meters.some((meter) => meter.pk === pk)) continue;
      problems.add(place, `the meter ${pk} is not in the dump${count === 1 ? '' : `; ${count - 1} more readings have it, too`}`);
    }
    const meters = dump.meters.map((meter) => ({ ...meter, span: spans.get(meter.pk) ?? null }));
    if (dump.flats.length === 0) problems.add('', 'The dump has no flats: dump the whole application with "manage.py dumpdata mmetering".');
    const house = houseOfDump(name, dump.flats, meters, problems);
    const notes = [...leftOut(dump.others), ...house.notes];
    const tallies = await tallyAll(staging, { meters, problems, nowMs: deps.clock(), run });
    for (const { serial, pk } of meters) {
      const tally = tallies.get(pk);
      if (tally) notes.push(...notesOf(serial, tally, placeOfReading));
    }
    const producers = new Set(dump.flats.filter(({ producer }) => producer).map(({ pk }) => pk));
    const columnsOf = new Map(meters.map(({ pk, flatPk }) => [pk, producers.has(flatPk) ? COUNTERS.export : COUNTERS.import]));
    return importHouse(deps, actor, staging, {
      house: { name, zone, flats: house.flats },
      columnsOf,
      counts: new Map([...tallies].map(([pk, { moments }]) => [pk, moments])),
      placeOfMeter: (pk) => meters.find((meter) => meter.pk === pk)?.place ?? '',
      hash: dump.hash,
      source: file.name,
      action: 'import-mmetering',
      problems,
      notes,
      run,
    });
  });
}

function placeOfReading({ seq, key }: { seq: number; key: number }): string {
  return placeOfObject(seq, METER_DATA, key);
}

function leftOut(others: ReadonlyMap<string, number>): string[] {
  if (others.size === 0) return [];
  const parts = [...others].toSorted(([a], [b]) => a.localeCompare(b)).map(([model, count]) => `${count} of ${model}`);
  return [`left out of the dump: ${parts.join(', ')}`];
}

interface Stage {
  file: ImportFile;
  clock: string;
  problems: ImportProblems;
  run: ImportRun;
}

async function stageDump(staging: Staging, { file, clock, problems, run }: Stage): Promise<Dump> {
  const { bytes, hash } = watched(file, (done) => run.onProgress?.('reading', done, file.bytes));
  const wallClock = makeWallClock(clock);
  const dump: Dump = { flats: [], meters: [], readings: new Map(), others: new Map(), hash: '' };
  for await (const items of jsonItems(bytes)) {
    for (const item of items) {
      if (!item.ok) {
        problems.add(placeOfObject(item.index, '', null), item.problem);
        continue;
      }
      const parsed = parseDumpObject(item.value, item.index);
      if (!parsed.ok) problems.add(parsed.place, parsed.problem);
      else if (parsed.object.kind === 'flat') {
        const { kind: _, ...flat } = parsed.object;
        dump.flats.push({ ...flat, place: placeOfObject(item.index, 'mmetering.flat', flat.pk) });
      } else if (parsed.object.kind === 'meter') {
        const { kind: _, ...meter } = parsed.object;
        dump.meters.push({ ...meter, place: placeOfObject(item.index, 'mmetering.meter', meter.pk) });
      } else if (parsed.object.kind === 'other') {
        const { model } = parsed.object;
        dump.others.set(model, (dump.others.get(model) ?? 0) + 1);
      } else {
        const { pk, meterPk, time, values } = parsed.object;
        const place = placeOfObject(item.index, METER_DATA, pk);
        const seen = dump.readings.get(meterPk);
        if (seen) seen.count += 1;
        else dump.readings.set(meterPk, { place, count: 1 });
        const instant = time.offsetMs === null ? wallClock(meterPk, time.localMs) : { ok: true as const, ms: time.localMs - time.offsetMs };
        if (instant.ok) await staging.add({ meter: meterPk, atMs: instant.ms, seq: item.index, key: pk, values });
        else problems.add(place, `saved_time: ${instant.problem}`);
      }
    }
  }
  await staging.flush();
  return { ...dump, hash: hash() };
}

async function tallyAll(
  staging: Staging,
  { meters, problems, nowMs, run }: { meters: readonly OldMeter[]; problems: ImportProblems; nowMs: number; run: ImportRun },
) {
  const total = (await staging.meters()).reduce((sum, { rows }) => sum + rows, 0);
  const tallies = new Map<number, ReturnType<typeof newTally>>();
  let done = 0;
  for (const { pk } of meters) {
    const tally = newTally();
    for await (const moments of staging.moments(pk)) {
      for (const moment of moments) {
        tallyMoment(tally, moment, { columns: COUNTERS.import, contradictions: 'noted', placeOf: placeOfReading, problems, nowMs });
      }
      done += moments.length;
      run.onProgress?.('checking', done, total);
    }
    if (tally.moments > 0) tallies.set(pk, tally);
  }
  return tallies;
}
