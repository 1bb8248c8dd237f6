import { placementConflicts } from '../domain/installation.ts';
import type { Quantity } from '../domain/quantity.ts';
import { readingsOf } from '../store/counter-readings.ts';
import type { ImportPlace } from '../store/import-places.ts';
import type { Dropped } from '../store/kept-from.ts';
import type { RowPlace, StagedMeter, StagedMoment, Staging } from '../store/import-staging.ts';
import { iso, type ImportedMeter, type ImportRun } from './data-import.ts';
import { countRow, newTally, notesOf, tallyMoment, type Tally, type TallyRules } from './tally-moments.ts';

/** An installation that begins earlier, or at last. */
export interface StartMove {
  place: ImportPlace;
  fromMs: number;
  importWh: number | null;
  exportWh: number | null;
}

export interface CheckedMeter extends StagedMeter {
  meterId: number;
  report: ImportedMeter;
}

export interface Checked {
  meters: CheckedMeter[];
  moves: StartMove[];
  notes: string[];
}

interface CheckInput extends TallyRules {
  columns: readonly Quantity[];
  /** Where each meter hung and hangs, oldest first. */
  placesOf: ReadonlyMap<number, readonly ImportPlace[]>;
  all: readonly ImportPlace[];
  moveStart: boolean;
  /** What readings were dropped of. */
  dropped: Dropped | null;
  run: ImportRun;
}

/** Looks at every moment of every meter before one is stored. */
export async function checkStaged(staging: Staging, input: CheckInput): Promise<Checked> {
  const { run, placesOf, problems, placeOf } = input;
  const staged = await staging.meters();
  const total = staged.reduce((sum, { rows }) => sum + rows, 0);
  const checked: Checked = { meters: [], moves: [], notes: [] };
  let done = 0;
  for (const meter of staged) {
    const places = placesOf.get(meter.meter) ?? [];
    const [first] = places;
    if (first === undefined) continue;
    const tally: PlacedTally = { ...newTally(), known: 0, outside: new Map(), earliest: null };
    for await (const moments of staging.moments(meter.meter)) {
      await lookAt(staging, moments, { ...input, places, tally });
      done += moments.length;
      run.onProgress?.('checking', done, total);
    }
    for (const { first: row, text, count } of tally.outside.values()) {
      problems.add(placeOf(row), `${text}${count === 1 ? '' : `; ${count - 1} more of this meter are, too`}`);
    }
    if (tally.earliest !== null) checked.moves.push(...moved(first, tally.earliest, input));
    checked.notes.push(...notesOf(first.serial, tally, placeOf));
    const last = places.at(-1) ?? first;
    checked.meters.push({
      ...meter,
      meterId: first.meterId,
      report: {
        serial: first.serial,
        place: `${last.building}, ${last.flat}`,
        zone: last.zone,
        readings: tally.moments,
        fresh: tally.moments - tally.known,
        from: iso(meter.firstMs),
        to: iso(meter.lastMs),
      },
    });
  }
  return checked;
}

/** Rows of a meter for a time in which it hung nowhere. */
interface Outside {
  first: RowPlace;
  count: number;
  text: string;
}

interface PlacedTally extends Tally {
  /** Stored already. */
  known: number;
  outside: Map<string, Outside>;
  earliest: StagedMoment | null;
}

type Look = CheckInput & { places: readonly ImportPlace[]; tally: PlacedTally };

async function lookAt(staging: Staging, moments: readonly StagedMoment[], look: Look): Promise<void> {
  const { columns, places, tally } = look;
  const span = { fromMs: moments[0]?.atMs ?? 0, toMs: (moments.at(-1)?.atMs ?? 0) + 1 };
  const meterId = places[0]?.meterId ?? 0;
  const stored = (await readingsOf(staging.connection, [meterId], columns, span)).get(meterId) ?? [];
  const known = new Map(stored.map((reading) => [reading.atMs, reading.values]));
  for (const moment of moments) {
    tallyMoment(tally, moment, look);
    const here = known.get(moment.atMs);
    if (here !== undefined) {
      tally.known += 1;
      if (moment.values.some((value, place) => value !== null && value !== here[place])) countRow(tally.differing, moment);
    }
    findPlace(moment, look);
  }
}

function findPlace(moment: StagedMoment, { places, tally, moveStart, dropped }: Look): void {
  const { atMs } = moment;
  const [first] = places;
  if (first === undefined) return;
  const note = (key: string, text: string): void => {
    const outside = tally.outside.get(key) ?? { first: moment, count: 0, text };
    tally.outside.set(key, outside);
    outside.count += 1;
  };
  if (dropped !== null && first.pointId <= dropped.lastPointId && atMs < dropped.untilMs) {
    return note('dropped', `readings of ${first.serial} from before ${iso(dropped.untilMs)} are no longer kept: leave the line out`);
  }
  const isBefore = atMs < first.fromMs;
  if (first.isOpenStart || (isBefore && moveStart)) tally.earliest ??= moment;
  if (isBefore && (first.isOpenStart || moveStart)) return;
  if (places.some(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs <= toMs))) return;
  if (isBefore) {
    note(
      'before',
      `the meter ${first.serial} hangs in ${first.flat} since ${iso(first.fromMs)} only, and this is from before: have its start moved back (--move-start), or leave the line out`,
    );
  } else note('between', `the meter ${first.serial} hung nowhere at ${iso(atMs)}: leave the line out, or place the meter for that time`);
}

/** The first installation begins with the first reading, if nothing stands in its way. */
function moved(place: ImportPlace, moment: StagedMoment, { columns, all, problems, placeOf }: CheckInput): StartMove[] {
  const { atMs, values } = moment;
  const others = all.filter(({ id }) => id !== place.id);
  const [conflict] = Object.values(placementConflicts({ ...place, fromMs: atMs }, others));
  if (conflict !== undefined)
    problems.add(placeOf(moment), `the start of ${place.serial} cannot be moved back to here: ${conflict.in('en')}`);
  const valueOf = (name: Quantity) => (columns.includes(name) ? (values[columns.indexOf(name)] ?? null) : null);
  return [{ place, fromMs: atMs, importWh: valueOf('import_active_energy_total'), exportWh: valueOf('export_active_energy_total') }];
}
