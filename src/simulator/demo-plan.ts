import type { Behaviour } from '../domain/virtual-behaviour.ts';
import { DAY_MS, QUARTER_MS } from './calendar.ts';
import { ATTIC, DEAD_FLAT, EXCHANGED_FLAT, FRONT_HOUSE, GARDEN_HOUSE, OVER_LIMIT_FLAT, type DemoHousehold } from './demo-flats.ts';
import { chance, seedOf } from './noise.ts';
import type { PartSpec, ProfileSpec, Site } from './profile.ts';

export type DemoModel = 'eastron-sdm630' | 'eastron-sdm120';

export interface DemoMeter {
  serial: string;
  model: DemoModel;
  line: string;
  unitId: number;
  profile: ProfileSpec;
  description: string;
  fromMs: number;
  /** Null while it runs. */
  toMs: number | null;
  firstImportWh: number;
  firstExportWh: number;
  behaviour?: Behaviour;
}

export interface DemoFlat {
  name: string;
  kind: 'consumer' | 'producer' | 'common' | 'grid';
  areaM2: number | null;
  household: DemoHousehold | null;
  hourlyLimitKwh: number | null;
  maxPowerW: number;
  /** Oldest first. */
  meters: DemoMeter[];
}

export interface DemoPlan {
  site: Site;
  /** Quarter hours in (fromMs, toMs]. */
  history: { fromMs: number; toMs: number };
  lines: string[];
  flats: DemoFlat[];
}

export const DEMO_BUILDING = {
  name: 'Lindenhof',
  address: 'Am Lindenhof 12, 14199 Berlin',
  zone: 'Europe/Berlin',
  language: 'en',
  recipients: 'caretaker@example.org',
};
export const SITE: Site = { zone: DEMO_BUILDING.zone, latitudeDeg: 52.47, longitudeDeg: 13.29, seed: 1912 };
const LINES = ['Front house, basement', 'Garden house, basement', 'Attic', 'Plant room'] as const;
type LineName = (typeof LINES)[number];

// What was taken at the last slot must lie in the past.
const SLOWEST_ANSWER_MS = 1_000;
const EXCHANGED_BEFORE_MS = 143 * DAY_MS;
const BETWEEN_SLOTS_MS = 7 * 60_000;

/** The whole demo building as a value: the same for the same moment. */
export function planDemo(nowMs: number, historyDays: number): DemoPlan {
  const toMs = Math.floor((nowMs - SLOWEST_ANSWER_MS) / QUARTER_MS) * QUARTER_MS;
  const history = { fromMs: toMs - historyDays * DAY_MS, toMs };
  const households = [
    ...FRONT_HOUSE.map((flat, index) => householdFlat(flat, LINES[0], index + 1, history)),
    ...GARDEN_HOUSE.map((flat, index) => householdFlat(flat, LINES[1], index + 1, history)),
    ...ATTIC.map((flat, index) => householdFlat(flat, LINES[2], index + 1, history)),
  ];
  const common = plantFlat('Stairs, lift and cellar', 'common', { kind: 'common', seed: 31 }, 1, history);
  const pv = plantFlat('Photovoltaics on the roof', 'producer', { kind: 'pv', peakKw: 29.7, tiltDeg: 32 }, 2, history);
  const chp = plantFlat('Combined heat and power', 'producer', { kind: 'chp', electricKw: 5.5, seed: 32 }, 3, history);
  const behind = [...households, common, pv, chp];
  const parts = behind.map((flat) => flat.meters.at(-1)!.profile as PartSpec);
  const grid = plantFlat('Main meter', 'grid', { kind: 'grid', parts }, 10, history);
  return { site: SITE, history, lines: [...LINES], flats: [...behind, grid] };
}

type History = DemoPlan['history'];

function householdFlat(flat: DemoHousehold, line: LineName, unitId: number, history: History): DemoFlat {
  const { name, areaM2, temperament } = flat;
  const model = areaM2 <= 48 ? 'eastron-sdm120' : 'eastron-sdm630';
  const profile: PartSpec = { kind: 'household', temperament, areaM2, seed: seedOf(name) % 100_000 };
  const meter = meterOf(name, { model, line, unitId, profile, history });
  if (name === DEAD_FLAT) meter.behaviour = { kind: 'silent' };
  return {
    name,
    kind: 'consumer',
    areaM2,
    household: flat,
    hourlyLimitKwh: name === OVER_LIMIT_FLAT ? 0.9 : 5,
    maxPowerW: model === 'eastron-sdm120' ? 10_000 : 24_000,
    meters: name === EXCHANGED_FLAT ? exchanged(meter, history) : [meter],
  };
}

/** The old meter ends and the new one begins at one moment between two slots, the new one with a few hundred Wh from its test. */
function exchanged(old: DemoMeter, history: History): DemoMeter[] {
  const beforeMs = Math.min(EXCHANGED_BEFORE_MS, Math.floor((history.toMs - history.fromMs) / 2 / QUARTER_MS) * QUARTER_MS);
  const atMs = history.toMs - beforeMs - BETWEEN_SLOTS_MS;
  const fresh = meterOf('after the exchange', { ...old, history });
  return [
    { ...old, toMs: atMs, description: `${old.description}; exchanged` },
    { ...fresh, description: old.description, fromMs: atMs, firstImportWh: 312 },
  ];
}

function plantFlat(name: string, kind: DemoFlat['kind'], profile: ProfileSpec, unitId: number, history: History): DemoFlat {
  const meter = meterOf(name, { model: 'eastron-sdm630', line: LINES[3], unitId, profile, history });
  if (kind === 'producer' || kind === 'grid') meter.firstExportWh = Math.round(meter.firstImportWh * (kind === 'grid' ? 0.3 : 1));
  if (kind === 'producer') meter.firstImportWh = Math.round(meter.firstImportWh / 200);
  return {
    name,
    kind,
    areaM2: null,
    household: null,
    hourlyLimitKwh: null,
    maxPowerW: kind === 'grid' ? 100_000 : 35_000,
    meters: [meter],
  };
}

interface Wiring {
  model: DemoModel;
  line: string;
  unitId: number;
  profile: ProfileSpec;
  history: History;
}

function meterOf(key: string, { model, line, unitId, profile, history }: Wiring): DemoMeter {
  const seed = seedOf(key);
  const years = 1 + Math.floor(chance(seed, 2) * 6);
  return {
    serial: `${model === 'eastron-sdm120' ? 22 : 21}${String(seed % 1_000_000).padStart(6, '0')}`,
    model,
    line,
    unitId,
    profile,
    description: `${model === 'eastron-sdm120' ? 'One phase' : 'Three phases'}, ${line.toLowerCase()}`,
    fromMs: history.fromMs,
    toMs: null,
    firstImportWh: Math.round(years * 2_400_000 * (0.7 + 0.6 * chance(seed, 3))) * (profile.kind === 'grid' ? 14 : 1),
    firstExportWh: 0,
  };
}
