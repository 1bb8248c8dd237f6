import { z } from 'zod';
import { measurementOf, unitOfEmm } from '../domain/emm-measurement.ts';
import { ImportProblems } from '../domain/import-problems.ts';
import { parseInfluxTime } from '../domain/influx-time.ts';
import { keyOf } from '../domain/model-file.ts';
import type { Actor } from '../domain/permission.ts';
import { sampleColumn, type SampleColumn } from '../domain/sample-value.ts';
import { demand } from './access.ts';
import type { ImportDeps, ImportFile, ImportReport, ImportRun } from './data-import.ts';
import { newHouseFields, refuseTakenName } from './import-house.ts';
import { importSamples, type Sample, type SampledMeter } from './import-samples.ts';
import { parseInput } from './input.ts';
import { readTable } from './read-records.ts';

export const emmInput = z.strictObject(newHouseFields);

export interface EmmFiles {
  meters: ImportFile;
  registers: ImportFile;
  data: ImportFile;
}

/** The tables of EMM: `energy_meters` and `registers` as CSV, and what Influx has of them, exported as CSV. */
export async function importEmm(
  deps: ImportDeps,
  actor: Actor,
  { meters, registers, data }: EmmFiles,
  { input, ...run }: { input: z.input<typeof emmInput> } & ImportRun,
): Promise<ImportReport> {
  const { name, zone } = parseInput(emmInput, input);
  demand(actor, 'building:change');
  await refuseTakenName(deps.database.pool, name);
  const problems = new ImportProblems();
  const columns = await columnsOf(registers, problems);
  const found = await metersOf(meters, problems);
  const keys = new Map(found.map((meter) => [String(meter.key), meter.key]));
  const byUnit = new Map<string, SampleColumn>();
  return importSamples(deps, actor, {
    file: data,
    needed: ['name', 'time', 'id', 'value'],
    optional: ['dataunit'],
    meters: found,
    columns: [...new Set([...columns.values()].map(({ quantity }) => quantity))],
    sampleOf({ cells }): Sample {
      const meter = keys.get(cells.id);
      if (meter === undefined) return { ok: false, problem: `the meter ${cells.id} is not in ${meters.name}` };
      const known = columns.get(cells.name);
      if (known === undefined) return { ok: false, problem: `the measurement ${cells.name} is not in ${registers.name}` };
      const atMs = parseInfluxTime(cells.time);
      if (atMs === null) return { ok: false, problem: `time "${cells.time}" is not a time` };
      return { ok: true, meter, column: inUnit(known, cells.dataunit), atMs, text: cells.value };
    },
    house: { name, zone },
    action: 'import-emm',
    problems,
    notes: ['each meter has a flat of its own: name them, and say what is a producer'],
    run,
  });

  /** Each value carries its unit; where it has none, that of its register holds. */
  function inUnit(known: SampleColumn, unit: string): SampleColumn {
    if (unit === '') return known;
    const key = `${known.quantity} ${unit}`;
    const column = byUnit.get(key) ?? sampleColumn(known.quantity, unitOfEmm(unit));
    byUnit.set(key, column);
    return column;
  }
}

async function columnsOf(file: ImportFile, problems: ImportProblems): Promise<Map<string, SampleColumn>> {
  const rows = await readTable(file, { needed: ['measurement_name'], optional: ['data_unit'], problems });
  if (rows.length === 0 && problems.count === 0) problems.add('', `${file.name} has no registers.`);
  return new Map(
    rows.map(({ cells }) => [
      cells.measurement_name,
      sampleColumn(measurementOf(cells.measurement_name).quantity, unitOfEmm(cells.data_unit)),
    ]),
  );
}

async function metersOf(file: ImportFile, problems: ImportProblems): Promise<SampledMeter[]> {
  const optional = ['type', 'meter_type', 'description'] as const;
  const found: SampledMeter[] = [];
  for (const { place, cells } of await readTable(file, { needed: ['id', 'host', 'port', 'slave_address'], optional, problems })) {
    const unitId = Number(cells.slave_address);
    if (!/^\d{1,9}$/.test(cells.id)) problems.add(place, 'id must be a whole number');
    else if (!Number.isSafeInteger(unitId) || unitId < 1 || unitId > 247) problems.add(place, 'slave_address must be from 1 to 247');
    else if (found.some(({ key }) => key === Number(cells.id))) problems.add(place, `the meter ${cells.id} is there twice`);
    else {
      const line = `${cells.host}:${cells.port}`.slice(0, 80);
      const serial = `${line}/${unitId}`.slice(0, 80);
      const { description } = cells;
      const modelKey = keyOf(cells.type || cells.meter_type);
      found.push({ key: Number(cells.id), serial, flat: description || serial, modelKey, line, unitId, description, place });
    }
  }
  if (found.length === 0 && problems.count === 0) problems.add('', `${file.name} has no meters.`);
  return found;
}
