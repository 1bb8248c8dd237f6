import type { DownloadPlan, MeterPart, PlannedTable } from '../domain/download-plan.ts';
import type { Span } from '../domain/gap.ts';
import { QUANTITIES, isQuantity, unitOf, type Quantity } from '../domain/quantity.ts';
import { say } from '../domain/refusal.ts';
import { sightOf, visibleParts } from '../domain/sight.ts';
import { column } from '../domain/table.ts';
import { groupBy } from '../domain/group-by.ts';
import { InvalidInput } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { placesInBuilding } from '../store/installations.ts';
import { quantitiesOfMeters } from '../store/meter-models.ts';
import type { Place } from '../store/meters.ts';
import { latestReadings } from '../store/readings.ts';
import type { DownloadRights } from './download-rights.ts';
import { stayOf } from './find-latest.ts';
import { shownSpans } from './plan-download.ts';

const USUAL: readonly Quantity[] = ['active_power_total', 'import_active_energy_total', 'export_active_energy_total'];

/** What the meters have by their model or have shown, in the order of the list. */
async function quantitiesAtHand({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>, meterIds: readonly number[]): Promise<Quantity[]> {
  const names = new Set<string>(await quantitiesOfMeters(prisma, meterIds));
  for (const { values } of (await latestReadings(pool, meterIds)).values()) for (const name of Object.keys(values)) names.add(name);
  const known = QUANTITIES.filter((name) => names.has(name));
  return known.length > 0 ? known.filter(isQuantity) : [...USUAL];
}

/** Readings of meters, one after the other, each in the parts of time that may be seen. */
export async function readingsTable(
  database: Pick<Database, 'prisma' | 'pool'>,
  meters: readonly { meterId: number; serial: string; parts: readonly Span[] }[],
  { zone, quantities: wanted }: { zone: string; quantities: readonly Quantity[] | null },
): Promise<Pick<DownloadPlan, 'columns' | 'source'>> {
  const quantities =
    wanted ??
    (await quantitiesAtHand(
      database,
      meters.map(({ meterId }) => meterId),
    ));
  const pieces = meters.flatMap(({ meterId, serial, parts }) =>
    parts.flatMap((part) => shownSpans(part, zone).map((span): MeterPart => ({ meterId, serial, span }))),
  );
  return {
    columns: [column('meter'), column('time', 'moment'), ...quantities.map((name) => column(name, 'number', unitOf(name)))],
    source: { kind: 'readings', quantities, pieces },
  };
}

export function checkNamed(field: string, what: string, named: readonly number[] | undefined, known: ReadonlySet<number>): void {
  const strange = (named ?? []).filter((id) => !known.has(id));
  if (strange.length > 0) throw new InvalidInput({ [field]: say('noSuchThing', what, strange.slice(0, 5).join(', ')) });
}

export interface ReadingsWanted {
  span: Span;
  zone: string;
  meters?: readonly number[] | undefined;
  points?: readonly number[] | undefined;
  flats?: readonly number[] | undefined;
  quantities: readonly Quantity[] | null;
}

/** The readings of a building's meters while they hung there. */
export async function planReadings(
  database: Pick<Database, 'prisma' | 'pool'>,
  { building, reach }: DownloadRights,
  { span, zone, meters, points, flats, quantities }: ReadingsWanted,
): Promise<PlannedTable> {
  const places = await placesInBuilding(database.prisma, reach, building.id);
  checkNamed('meters', 'meter', meters, new Set(places.map(({ meterId }) => meterId)));
  checkNamed('points', 'point', points, new Set(places.map(({ pointId }) => pointId)));
  checkNamed('flats', 'flat', flats, new Set(places.map(({ point }) => point.flat.id)));
  const isWanted = (place: Place) =>
    (meters?.includes(place.meterId) ?? true) &&
    (points?.includes(place.pointId) ?? true) &&
    (flats?.includes(place.point.flat.id) ?? true);
  const byMeter = groupBy(places.filter(isWanted), ({ meterId }) => meterId);
  const wanted = [...byMeter].flatMap(([meterId, stays]) => {
    const here = visibleParts(
      stays.map(stayOf).toSorted((a, b) => a.fromMs - b.fromMs),
      span,
    );
    const sight = sightOf(reach, meterId, stays.map(stayOf));
    const parts = here.flatMap((part) => visibleParts(sight, part));
    return parts.length === 0 ? [] : [{ meterId, serial: stays[0]?.meter.serial ?? '', parts }];
  });
  const sorted = wanted.toSorted((a, b) => a.serial.localeCompare(b.serial, 'en', { numeric: true }));
  const what = `readings of ${sorted.length} ${sorted.length === 1 ? 'meter' : 'meters'}`;
  return { what, ...(await readingsTable(database, sorted, { zone, quantities })) };
}
