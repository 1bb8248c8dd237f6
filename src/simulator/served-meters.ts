import type { Bus } from '../domain/line-place.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { phasesOf } from './answer-plan.ts';
import { DAY_MS } from './calendar.ts';
import { SITE } from './demo-plan.ts';
import { seedOf } from './noise.ts';
import { MeterPhysics } from './physics.ts';
import { makeProfile, type PartSpec } from './profile.ts';
import { temperaments, type TemperamentName } from './temperaments.ts';
import type { VirtualMeter } from './virtual-meters.ts';

export const PROFILES = ['household', 'common-area', 'photovoltaics', 'heat-and-power'] as const;
export type ProfileName = (typeof PROFILES)[number];

const NAMES = Object.keys(temperaments) as TemperamentName[];

/** What is behind the meter of that number. */
export function profileSpec(name: ProfileName, number: number): PartSpec {
  const seed = seedOf(`${name} ${number}`) % 100_000;
  switch (name) {
    case 'household':
      return { kind: 'household', temperament: NAMES[number % NAMES.length]!, areaM2: 40 + (seed % 80), seed };
    case 'common-area':
      return { kind: 'common', seed };
    case 'photovoltaics':
      return { kind: 'pv', peakKw: 5 + (seed % 25), tiltDeg: 20 + (seed % 25) };
    case 'heat-and-power':
      return { kind: 'chp', electricKw: 5.5, seed };
  }
}

/** Where one of the meters is, without what it is. */
export type ServedPlace = { port: number; spoken: 'mbap' | 'rtu' } | { serialPath: string; bus: Bus };

export interface ServedPlan {
  models: readonly MeterModel[];
  /** In turn. */
  profiles: readonly ProfileName[];
  count: number;
  units: readonly number[];
  /** The place of the so many-th port. */
  placeOf(place: number): ServedPlace;
  /** Whoever plans the same since then gets the same counters. */
  sinceMs: number;
  nowMs: number;
}

/** Meters that begin at 0 then and have counted since: a start on another day goes on without a step. */
export function* servedMeters({ models, profiles, count, units, placeOf, sinceMs, nowMs }: ServedPlan): Generator<VirtualMeter> {
  const beganMs = sinceMs - (sinceMs % DAY_MS);
  for (let index = 0; index < count; index += 1) {
    const model = models[index % models.length]!;
    const profile = makeProfile(profileSpec(profiles[index % profiles.length]!, index + 1), SITE);
    const serial = `virtual-${index + 1}`;
    const physics = new MeterPhysics(
      profile,
      { atMs: beganMs, importWh: 0, exportWh: 0, importVarh: 0, peakW: 0 },
      { phases: phasesOf(model), seed: serial },
    );
    yield {
      ...{ serial, model, profile, port: 0, unitId: units[index % units.length]! },
      ...placeOf(Math.floor(index / units.length)),
      base: physics.baseAt(nowMs),
    };
  }
}
