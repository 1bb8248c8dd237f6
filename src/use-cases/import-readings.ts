import { groupBy } from '../domain/group-by.ts';
import { ImportProblems } from '../domain/import-problems.ts';
import { can, canSomewhere, type Actor } from '../domain/permission.ts';
import type { EnergyQuantity } from '../domain/quantity.ts';
import { parseReadingLine, parseReadingsHeading, type ReadingsTable } from '../domain/readings-table.ts';
import { say } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { makeWallClock } from '../domain/wall-clock.ts';
import { Forbidden, InvalidInput } from '../errors.ts';
import { linesOf } from '../sheets/text-lines.ts';
import { importPlaces, type ImportPlace } from '../store/import-places.ts';
import { droppedUntil } from '../store/kept-from.ts';
import { withStaging, type Staging } from '../store/import-staging.ts';
import { checkStaged, type CheckedMeter } from './check-staged.ts';
import { watched, type ImportDeps, type ImportFile, type ImportReport, type ImportRun } from './data-import.ts';
import { storeStaged } from './store-staged.ts';

const COUNTER_COLUMNS: readonly EnergyQuantity[] = ['import_active_energy_total', 'export_active_energy_total'];

export interface ReadingsInput {
  /** Of times without an offset; null when all have one. */
  zone: string | null;
  /** Readings from before a meter came move its start to the first of them; otherwise they are an error. */
  moveStart: boolean;
}

/** The meters of the file by serial, in the order in which they come. */
interface Known {
  places: ReadonlyMap<string, ImportPlace[]>;
  numbers: Map<string, number>;
}

/** `meter_serial,time,import_kwh,export_kwh`: all of it or nothing; what is here already stays as it is. */
export async function importReadings(
  deps: ImportDeps,
  actor: Actor,
  file: ImportFile,
  { zone, moveStart, ...run }: ReadingsInput & ImportRun,
): Promise<ImportReport> {
  if (zone !== null && !isZone(zone)) throw new InvalidInput({ zone: say('notAZone') });
  if (!canSomewhere(actor, 'building:change')) throw new Forbidden();
  const { pool } = deps.database;
  const all = await importPlaces(pool);
  const own = groupBy(
    all.filter(({ buildingId }) => can(actor, 'building:change', { buildingId })),
    ({ serial }) => serial,
  );
  const problems = new ImportProblems();
  return withStaging(pool, COUNTER_COLUMNS, async (staging) => {
    const known: Known = { places: own, numbers: new Map() };
    await stageLines(staging, { file, zone, known, problems, run });
    const placesOf = new Map([...known.numbers].map(([serial, number]) => [number, own.get(serial) ?? []]));
    const checked = await checkStaged(staging, {
      columns: COUNTER_COLUMNS,
      placesOf,
      all,
      moveStart,
      dropped: await droppedUntil(pool, 'readings'),
      nowMs: deps.clock(),
      contradictions: 'refused',
      placeOf: ({ seq }) => `line ${seq}`,
      problems,
      run,
    });
    if (problems.count === 0 && checked.meters.length === 0) problems.add('', 'The file has no readings.');
    const report = reportOf(checked.meters, problems, checked.notes);
    if (run.dryRun || problems.count > 0) return report;
    const stored = { ...report, stored: true };
    await storeStaged(staging, actor, { columns: COUNTER_COLUMNS, ...checked, known: all, file, report: stored, run });
    return stored;
  });
}

function reportOf(meters: readonly CheckedMeter[], problems: ImportProblems, notes: string[]): ImportReport {
  return {
    stored: false,
    buildingId: null,
    problems: problems.list,
    problemCount: problems.count,
    notes,
    made: [],
    meters: meters.map(({ report }) => report),
  };
}

interface Stage {
  file: ImportFile;
  zone: string | null;
  known: Known;
  problems: ImportProblems;
  run: ImportRun;
}

async function stageLines(staging: Staging, { file, zone, known, problems, run }: Stage): Promise<void> {
  const { bytes } = watched(file, (done) => run.onProgress?.('reading', done, file.bytes));
  const wallClock = zone === null ? null : makeWallClock(zone);
  let table: ReadingsTable | null = null;
  for await (const lines of linesOf(bytes)) {
    for (const { line, text } of lines) {
      if (table === null) {
        const heading = parseReadingsHeading(text);
        if (!heading.ok) return problems.add(`line ${line}`, heading.problem);
        table = heading.value;
        continue;
      }
      const problem = await stageLine(text, line, table);
      if (problem !== null) problems.add(`line ${line}`, problem);
    }
  }
  await staging.flush();

  async function stageLine(text: string, line: number, heading: ReadingsTable): Promise<string | null> {
    const parsed = parseReadingLine(text, heading);
    if (!parsed.ok) return parsed.problem;
    const { serial, time, importWh, exportWh } = parsed.value;
    if (!known.places.has(serial)) return `there is no meter ${serial} that hangs somewhere, or hung`;
    let atMs = time.localMs - (time.offsetMs ?? 0);
    if (time.offsetMs === null) {
      if (wallClock === null) return 'the time has no offset from UTC: say the zone of the file with --zone';
      const instant = wallClock(serial, time.localMs);
      if (!instant.ok) return instant.problem;
      atMs = instant.ms;
    }
    if (!known.numbers.has(serial)) known.numbers.set(serial, known.numbers.size);
    await staging.add({ meter: known.numbers.get(serial) ?? 0, atMs, seq: line, key: 0, values: [importWh, exportWh] });
    return null;
  }
}
