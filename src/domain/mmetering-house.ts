import type { ImportProblems } from './import-problems.ts';
import { groupBy } from './group-by.ts';
import type { NewFlat, NewInstallation } from './new-house.ts';

export interface OldFlat {
  place: string;
  pk: number;
  name: string;
  producer: boolean;
}

export interface OldMeter {
  place: string;
  pk: number;
  flatPk: number;
  address: number;
  serial: string;
  active: boolean;
  /** Of its readings; null where it has none. */
  span: { firstMs: number; lastMs: number } | null;
}

const ADDRESSES = 247;
const PLACED = { modelKey: 'eastron-sdm630', line: 'mmetering' } as const;

/** The flats, points and installations that a dump of mmetering stands for. */
export function houseOfDump(
  name: string,
  flats: readonly OldFlat[],
  meters: readonly OldMeter[],
  problems: ImportProblems,
): { flats: NewFlat[]; notes: string[] } {
  const notes: string[] = [];
  checkReferences(flats, meters, problems);
  const serials = serialsOf(name, meters, problems, notes);
  const addresses = addressesOf(meters, notes);
  const metersOfFlat = groupBy(meters, ({ flatPk }) => flatPk);
  const names = new Set<string>();
  const made = flats.map((flat): NewFlat => {
    const own = metersOfFlat.get(flat.pk) ?? [];
    const points = pointsOf(own, notes).map((hung, place) => ({
      name: `Point ${place + 1}`,
      installations: hung.map(({ meter, ...times }) => ({
        ...PLACED,
        key: meter.pk,
        serial: serials.get(meter.pk) ?? '',
        unitId: addresses.get(meter.pk) ?? 1,
        ...times,
      })),
    }));
    return { name: freeName(flat, names, notes), kind: flat.producer ? 'producer' : 'consumer', points };
  });
  return { flats: made, notes };
}

function checkReferences(flats: readonly OldFlat[], meters: readonly OldMeter[], problems: ImportProblems): void {
  for (const [what, rows] of [
    ['flat', flats],
    ['meter', meters],
  ] as const) {
    const seen = new Set<number>();
    for (const { pk, place } of rows) {
      if (seen.has(pk)) problems.add(place, `there is another ${what} with the pk ${pk}`);
      seen.add(pk);
    }
  }
  const known = new Set(flats.map(({ pk }) => pk));
  for (const { place, flatPk } of meters) if (!known.has(flatPk)) problems.add(place, `the flat ${flatPk} is not in the dump`);
}

function freeName({ name, pk }: OldFlat, taken: Set<string>, notes: string[]): string {
  const wanted = name === '' ? `Flat ${pk}` : name;
  let free = wanted;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${wanted.slice(0, 74)} (${number})`;
  taken.add(free.toLowerCase());
  if (free !== name) notes.push(`flat ${pk} is called "${name}" in the dump: here it becomes ${free}`);
  return free;
}

function serialsOf(building: string, meters: readonly OldMeter[], problems: ImportProblems, notes: string[]): Map<number, string> {
  const first = new Map<string, OldMeter>();
  return new Map(
    meters.map((meter): [number, string] => {
      const { serial, pk, place } = meter;
      if (serial === '') {
        const made = `${building.slice(0, 60)} meter ${pk}`;
        notes.push(`meter ${pk} has no serial number in the dump: here it becomes ${made}`);
        return [pk, made];
      }
      const other = first.get(serial.toLowerCase());
      if (other) problems.add(place, `the serial number ${serial} is also that of ${other.place}: correct one of the two in the dump`);
      else first.set(serial.toLowerCase(), meter);
      return [pk, serial];
    }),
  );
}

/** mmetering checks no address: what no bus can have, or has twice, gets the next free one. */
function addressesOf(meters: readonly OldMeter[], notes: string[]): Map<number, number> {
  const taken = new Set<number>();
  const found = new Map<number, number>();
  for (const { pk, address, active } of meters) {
    const isGood = address >= 1 && address <= ADDRESSES && !(active && taken.has(address));
    if (!isGood) continue;
    found.set(pk, address);
    if (active) taken.add(address);
  }
  for (const { pk, address, active, serial } of meters) {
    if (found.has(pk)) continue;
    let free = 1;
    while (active && taken.has(free) && free < ADDRESSES) free += 1;
    found.set(pk, free);
    if (!active) continue;
    taken.add(free);
    notes.push(
      `meter ${pk} (${serial}) has the address ${address}, which no bus can have or which is taken: here it becomes ${free}; set the right one`,
    );
  }
  return found;
}

type Hung = Pick<NewInstallation, 'fromMs' | 'toMs'> & { meter: OldMeter };

/** One after the other at one point; a meter that measured while another one did has a point of its own. */
function pointsOf(meters: readonly OldMeter[], notes: string[]): Hung[][] {
  const points: Hung[][] = [];
  for (const hung of timesOf(meters, notes)) {
    const startMs = hung.fromMs ?? Number.MAX_SAFE_INTEGER;
    const free = points.find((point) => {
      const endMs = point.at(-1)?.toMs ?? null;
      return endMs !== null && endMs <= startMs;
    });
    if (free) free.push(hung);
    else points.push([hung]);
  }
  return points;
}

function timesOf(meters: readonly OldMeter[], notes: string[]): Hung[] {
  const read = meters.flatMap((meter) => {
    const { span } = meter;
    return span === null ? [] : [{ meter, firstMs: span.firstMs, lastMs: span.lastMs }];
  });
  const hung = read
    .toSorted((a, b) => a.firstMs - b.firstMs || a.meter.pk - b.meter.pk)
    .map(({ meter, firstMs, lastMs }): Hung => {
      const isFollowed = read.some((other) => other.meter !== meter && other.firstMs >= lastMs && other.firstMs > firstMs);
      if (meter.active && isFollowed)
        notes.push(`meter ${meter.pk} (${meter.serial}) is active, but another one came after it: it is closed`);
      // An end lies after its start.
      return { meter, fromMs: firstMs, toMs: meter.active && !isFollowed ? null : Math.max(lastMs, firstMs + 1) };
    });
  for (const meter of meters.filter(({ span }) => span === null)) {
    if (meter.active) hung.push({ meter, fromMs: null, toMs: null });
    else notes.push(`meter ${meter.pk} (${meter.serial}) has no readings and is not active: it is left out`);
  }
  return hung;
}
