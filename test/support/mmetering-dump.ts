/** What a `dumpdata` of mmetering holds, made by hand: a month of a house with flats, PV and a heat and power unit. */
export interface DumpedFlat {
  pk: number;
  name: string;
  modus: 'IM' | 'EX';
}

export interface DumpedReading {
  pk: number;
  meter: number;
  /** Of the clock on the wall. */
  savedTime: string;
  /** kWh. */
  value: number;
}

interface DumpObject {
  model: string;
  pk: number;
  fields: Record<string, unknown>;
}

export interface MmeteringDump {
  flats: DumpedFlat[];
  readings: DumpedReading[];
  objects: DumpObject[];
}

export interface DumpOptions {
  /** The slots of the month, as the old system's clock showed them. */
  times: readonly string[];
  variant?: 'master' | 'development';
  /** Whole Wh, as most meters show, or float32 as they send. */
  counters?: 'whole' | 'float32';
  seed?: number;
}

export const DUMPED_FLATS: readonly DumpedFlat[] = [
  { pk: 1, name: 'WE 1', modus: 'IM' },
  { pk: 2, name: 'WE 2', modus: 'IM' },
  { pk: 3, name: 'WE 3', modus: 'IM' },
  { pk: 7, name: 'PV', modus: 'EX' },
  { pk: 8, name: 'BHKW', modus: 'EX' },
];

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function drawnWh(flat: DumpedFlat, hour: number, chance: () => number): number {
  if (flat.name === 'PV') return Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * 1_900 * chance();
  if (flat.name === 'BHKW') return chance() < 0.6 ? 480 : 0;
  return 20 + 400 * chance() * chance() * (hour > 17 ? 2 : 1);
}

export function flatObject({ pk, name, modus }: DumpedFlat): DumpObject {
  return { model: 'mmetering.flat', pk, fields: { name, modus } };
}

export function meterObject(pk: number, flat: number, more: Record<string, unknown> = {}): DumpObject {
  const fields = { flat, addresse: pk, seriennummer: `SN-${pk}`, init_datetime: '2016-11-03T10:00:00.123', active: true };
  return { model: 'mmetering.meter', pk, fields: { ...fields, start_datetime: '2016-11-03T10:15:00', end_datetime: null, ...more } };
}

export function readingObject(
  { pk, meter, savedTime, value }: DumpedReading,
  phases: readonly (number | null)[] = [null, null, null],
): DumpObject {
  const [l1, l2, l3] = phases;
  return {
    model: 'mmetering.meterdata',
    pk,
    fields: { meter, saved_time: savedTime, value, value_l1: l1 ?? null, value_l2: l2 ?? null, value_l3: l3 ?? null },
  };
}

export function mmeteringDump({ times, variant = 'master', counters = 'whole', seed = 7 }: DumpOptions): MmeteringDump {
  const chance = random(seed);
  const counted = new Map(DUMPED_FLATS.map(({ pk }) => [pk, 1_000_000 + pk * 17_171]));
  const readings: DumpedReading[] = [];
  const shown = (wh: number) => (counters === 'whole' ? Math.round(wh) / 1_000 : Math.fround(wh / 1_000));
  for (const savedTime of times) {
    for (const flat of DUMPED_FLATS) {
      const wh = counted.get(flat.pk) ?? 0;
      readings.push({ pk: readings.length + 1, meter: flat.pk + 10, savedTime, value: shown(wh) });
      counted.set(flat.pk, wh + drawnWh(flat, Number(savedTime.slice(11, 13)), chance));
    }
  }
  const meters = DUMPED_FLATS.map(({ pk }) => meterObject(pk + 10, pk, variant === 'development' ? { available: true } : {}));
  const objects = [
    { model: 'auth.user', pk: 1, fields: { username: 'admin' } },
    ...DUMPED_FLATS.map(flatObject),
    ...meters,
    ...readings.map((reading) => readingObject(reading)),
    { model: 'mmetering.activities', pk: 1, fields: { title: 'CSV-Datei heruntergeladen', text: 'x', timestamp: '2017-02-01T00:00:00' } },
  ];
  return { flats: [...DUMPED_FLATS], readings, objects };
}

/**
 * mmetering's own rule, from the values of the dump: per quarter hour C_f / C of each supplier, who are scaled by C / P
 * where more is produced than used. kWh by flat and supplier over the month.
 */
export function splitByMmetering({ flats, readings }: MmeteringDump): Map<string, number> {
  const valuesOf = (flat: DumpedFlat) => readings.filter(({ meter }) => meter === flat.pk + 10).map(({ value }) => value);
  const deltasOf = (flat: DumpedFlat) => valuesOf(flat).flatMap((value, i, all) => (i === 0 ? [] : [value - (all[i - 1] ?? 0)]));
  const [used, made] = (['IM', 'EX'] as const).map((modus) =>
    flats.filter((flat) => flat.modus === modus).map((flat) => ({ name: flat.name, deltas: deltasOf(flat) })),
  );
  const totals = new Map<string, number>();
  for (let slot = 0; slot < (used?.[0]?.deltas.length ?? 0); slot += 1) {
    const c = (used ?? []).reduce((sum, { deltas }) => sum + (deltas[slot] ?? 0), 0);
    const p = (made ?? []).reduce((sum, { deltas }) => sum + (deltas[slot] ?? 0), 0);
    if (c <= 0) continue;
    for (const supplier of made ?? []) {
      const scaled = (supplier.deltas[slot] ?? 0) * (p > c ? c / p : 1);
      for (const flat of used ?? []) {
        const key = `${flat.name} ${supplier.name}`;
        totals.set(key, (totals.get(key) ?? 0) + ((flat.deltas[slot] ?? 0) / c) * scaled);
      }
    }
  }
  return totals;
}
