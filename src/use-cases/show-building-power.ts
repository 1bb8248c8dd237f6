import { flowOfPower, sumFlows, type BuildingFlow } from '../domain/building-flow.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { findBuilding } from '../store/buildings.ts';
import { runningInBuilding } from '../store/installations.ts';
import { demand, seen } from './access.ts';
import { findLatest, type LatestDeps } from './find-latest.ts';

export interface BuildingPower extends BuildingFlow {
  /** The newest reading of the building that is still fresh. */
  newestMs: number | null;
}

/** What the building takes and gives now, in W; a meter that fell silent is missing, its last value does not linger. */
export async function showBuildingPower(deps: LatestDeps, actor: Actor, { buildingId }: { buildingId: number }): Promise<BuildingPower> {
  const { prisma } = deps.database;
  seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'live:read', { buildingId });
  const running = await runningInBuilding(prisma, buildingId, new Date(deps.clock()));
  const latest = await findLatest(
    deps,
    running.map(({ meter }) => meter),
  );
  const fresh = [...latest.values()].filter((reading) => reading.fresh);
  const parts = running.map((place) => {
    const reading = latest.get(place.meterId);
    return {
      place: { meterId: place.meterId, kind: place.point.flat.kind, inverted: place.point.inverted, fromMs: null, toMs: null },
      values: reading?.fresh ? flowOfPower(reading.values['active_power_total']) : null,
    };
  });
  return { ...sumFlows(parts), newestMs: fresh.length === 0 ? null : Math.max(...fresh.map((reading) => reading.atMs)) };
}
