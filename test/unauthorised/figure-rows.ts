import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN_IN_BUILDING: Statuses = [401, 404, 404, 200, 404, 200, 404, 200];

const aBuilding = ({ world }: CellContext) => ({ params: { buildingId: world.a.buildingId } });

async function aZone({ test, world }: CellContext) {
  await test.database.prisma.building.update({ where: { id: world.a.buildingId }, data: { gridZone: 'zone of A' } });
  return { params: { gridZone: 'zone of A' } };
}

/** What the dashboard and its charts show of a building. */
export const figureRows: readonly Row[] = [
  row('get /buildings/:buildingId/power', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/load-profile', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/day', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/sources', SEEN_IN_BUILDING, aBuilding),
  row('get /grid-zones', [401, 403, 403, 200, 200, 200, 200, 200]),
  row('get /grid-zones/:gridZone/statistics', SEEN_IN_BUILDING, aZone),
  // A viewer sees no incidents.
  row('get /grid-zones/:gridZone/alarms', [401, 404, 404, 404, 404, 200, 404, 200], aZone),
];
