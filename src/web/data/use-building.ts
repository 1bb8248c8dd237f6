import { readBuildings, type Building } from './building.ts';
import { useLoad, type Loaded } from './use-load.ts';

export interface ChosenBuilding extends Loaded<Building[]> {
  /** Undefined while they are read, or where there is none. */
  chosen: Building | undefined;
}

/** The building of the address, or the first that one may see. */
export function useBuilding(buildingId: number | null): ChosenBuilding {
  const loaded = useLoad('buildings', readBuildings);
  return { ...loaded, chosen: loaded.data?.find(({ id }) => id === buildingId) ?? loaded.data?.[0] };
}
