import type { Span } from '../domain/gap.ts';
import { can, reach, type Actor, type Reach } from '../domain/permission.ts';
import { visibleParts } from '../domain/sight.ts';
import { Forbidden, NotFound } from '../errors.ts';
import { findBuilding, findBuildingOf, type Building } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';

/** What somebody may take away from a building: all of it, or the own flats in the own time. */
export interface DownloadRights {
  building: Building;
  /** Of this building only. */
  reach: Reach;
  isWhole: boolean;
  /** When a flat may be seen within a span; null: all the time. Empty: never. */
  sightOf(flatId: number, span: Span): Span[] | null;
}

export async function downloadRights(prisma: Database['prisma'], actor: Actor, buildingId: number): Promise<DownloadRights> {
  const isWhole = can(actor, 'reading:download', { buildingId });
  const given = reach(actor, 'reading:download');
  const ownFlats = given.ownFlats.filter((own) => own.buildingId === buildingId);
  const mine: Reach = { everywhere: false, buildingIds: isWhole ? [buildingId] : [], ownFlats, ownMeters: given.ownMeters };
  const building = isWhole || ownFlats.length > 0 ? await findBuildingOf(prisma, buildingId) : null;
  if (building) {
    return {
      building,
      reach: mine,
      isWhole,
      sightOf: (flatId, span) =>
        isWhole
          ? null
          : visibleParts(
              ownFlats.filter((own) => own.flatId === flatId),
              span,
            ),
    };
  }
  const isSeen = !isWhole && (await findBuilding(prisma, reach(actor, 'building:read'), buildingId)) !== null;
  throw isSeen || actor.ownFlats.some((own) => own.buildingId === buildingId) ? new Forbidden() : new NotFound('This building');
}
