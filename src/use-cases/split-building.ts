import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'mariadb';
import { energyToSplit, ruleFor, type BuildingEnergy, type SplitSetting } from '../domain/building-energy.ts';
import type { Span } from '../domain/gap.ts';
import { beginSplit, type OwnEnergy } from '../domain/split.ts';
import type { Database } from '../store/database.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { loadBuildingEnergy } from '../store/period-energy.ts';
import { pointsOfBuilding } from '../store/points.ts';

const DAY_SLOTS = 96;

export async function loadEnergy(
  { prisma, pool }: Pick<Database, 'prisma'> & { pool: Pick<Pool, 'query'> },
  buildingId: number,
  span: Span,
): Promise<BuildingEnergy> {
  const flats = await flatsOfBuilding(prisma, buildingId);
  const points = await pointsOfBuilding(prisma, buildingId);
  return loadBuildingEnergy(pool, { flats, points, span });
}

/** Day by day, so that a process has time for its other jobs. `onPart` is told how much is done, 0 to 1. */
export async function splitBuilding(
  setting: SplitSetting,
  energy: BuildingEnergy,
  onPart: (part: number) => Promise<void>,
): Promise<OwnEnergy> {
  const split = beginSplit(ruleFor(setting, energy), energyToSplit(energy));
  for (let slot = 0; slot < energy.slots; slot += DAY_SLOTS) {
    split.goTo(slot + DAY_SLOTS);
    await onPart(Math.min(1, (slot + DAY_SLOTS) / energy.slots));
    await setImmediate();
  }
  return split.end();
}
