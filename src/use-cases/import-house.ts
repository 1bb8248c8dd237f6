import type { Pool } from 'mariadb';
import type { ImportProblems } from '../domain/import-problems.ts';
import type { Actor } from '../domain/permission.ts';
import type { NewHouse } from '../domain/new-house.ts';
import { SENTENCES } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { Conflict } from '../errors.ts';
import { writeActivity } from '../store/activities.ts';
import { buildingOfFile, insertHouse, isBuildingName, linesOf, modelIdByKey, rememberFile, takenSerials } from '../store/import-house.ts';
import type { Staging } from '../store/import-staging.ts';
import { transactOn } from '../store/transaction.ts';
import { iso, type ImportDeps, type ImportedMeter, type ImportReport, type ImportRun } from './data-import.ts';
import { nameField, textField } from './input.ts';
import { storeReadings } from './store-staged.ts';

export const newHouseFields = {
  name: nameField(120).meta({ description: 'Of the building that is made' }),
  zone: textField(64).refine(isZone, SENTENCES.en.notAZone).meta({ description: 'Where the building stands' }),
};

interface HouseInput {
  house: NewHouse;
  /** What the staged values of each meter are, by its key in the file. */
  columnsOf: ReadonlyMap<number, readonly string[]>;
  /** How many moments it has. */
  counts: ReadonlyMap<number, number>;
  placeOfMeter(key: number): string;
  hash: string;
  source: string;
  action: string;
  problems: ImportProblems;
  notes: string[];
  run: ImportRun;
}

export async function refuseTakenName(db: Pick<Pool, 'query'>, name: string): Promise<void> {
  if (!(await isBuildingName(db, name))) return;
  throw new Conflict(`There is a building "${name}" already. An import makes a new one: give it another name, or remove that one first.`, {
    fields: { name: 'is the name of a building that is there already' },
  });
}

/** A new building with its staged readings, in one transaction. */
export async function importHouse(deps: ImportDeps, actor: Actor, staging: Staging, input: HouseInput): Promise<ImportReport> {
  const { house, problems, notes, run, hash, source, columnsOf, counts } = input;
  const { connection } = staging;
  const before = await buildingOfFile(connection, hash);
  if (before !== null)
    throw new Conflict(`${source} was imported already: it became the building "${before}". Remove that one to import it anew.`);
  const installations = house.flats.flatMap(({ name, points }) =>
    points.flatMap((point) => point.installations.map((installation) => ({ ...installation, flat: name }))),
  );
  const taken = new Set(
    (
      await takenSerials(
        connection,
        installations.map(({ serial }) => serial),
      )
    ).map((serial) => serial.toLowerCase()),
  );
  for (const { serial, key } of installations) {
    if (taken.has(serial.toLowerCase())) problems.add(input.placeOfMeter(key), `there is a meter with the serial number ${serial} already`);
  }
  const modelIds = new Map<string, number>();
  for (const modelKey of new Set(installations.map((installation) => installation.modelKey))) {
    const modelId = await modelIdByKey(connection, modelKey);
    if (modelId === null) problems.add('', `there is no meter model ${modelKey} here: import it first, with "wattbook import-model"`);
    else modelIds.set(modelKey, modelId);
  }
  const staged = new Map((await staging.meters()).map((meter) => [meter.meter, meter]));
  const lines = [...linesOf(house.flats)];
  const closed = installations.filter(({ toMs }) => toMs !== null).length;
  const report: ImportReport = {
    stored: false,
    buildingId: null,
    problems: problems.list,
    problemCount: problems.count,
    notes,
    made: [
      `building ${house.name} in ${house.zone}`,
      `${house.flats.length} flats, ${house.flats.filter(({ kind }) => kind === 'producer').length} of them producers`,
      `${installations.length} meters${closed === 0 ? '' : `, ${closed} of them closed`}`,
      `${lines.length === 1 ? `line ${lines[0]}` : `${lines.length} lines`}, without an address: nothing is read before somebody gives it one`,
    ],
    meters: installations.flatMap(({ key, serial, flat }): ImportedMeter[] => {
      const meter = staged.get(key);
      if (meter === undefined) return [];
      const readings = counts.get(key) ?? 0;
      return [{ serial, place: flat, zone: house.zone, readings, fresh: readings, from: iso(meter.firstMs), to: iso(meter.lastMs) }];
    }),
  };
  if (run.dryRun || problems.count > 0) return report;
  const buildingId = await transactOn(connection, () => store().catch(saidWell));
  return { ...report, stored: true, buildingId };

  async function store(): Promise<number> {
    const { buildingId: id, meterIds } = await insertHouse(connection, house, { modelIds, nowMs: deps.clock() });
    const meters = installations.flatMap(({ key }) => {
      const meter = staged.get(key);
      const columns = columnsOf.get(key);
      return meter && columns ? [{ ...meter, meterId: meterIds.get(key) ?? 0, columns }] : [];
    });
    await storeReadings(staging, meters, run);
    await rememberFile(connection, hash, id);
    const count = report.meters.reduce((sum, { readings }) => sum + readings, 0);
    const detail = `${source}: ${house.flats.length} flats, ${installations.length} meters, ${count} readings`;
    await writeActivity(connection, actor, { action: input.action, buildingId: id, detail });
    await run.onStored?.(connection, { ...report, stored: true, buildingId: id });
    return id;
  }
}

const DUPLICATE = 1062;

/** What was free when it was looked at. */
function saidWell(cause: unknown): never {
  if ((cause as { errno?: number }).errno !== DUPLICATE) throw cause;
  throw new Conflict('Somebody made a building or a meter of that name in the meantime: nothing was stored, run it again.', { cause });
}
