import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN_IN_BUILDING: Statuses = [401, 404, 404, 200, 404, 200, 404, 200];

const aBuilding = ({ world }: CellContext) => ({ params: { buildingId: world.a.buildingId } });

/** What the dashboard and its charts show of a building. */
export const figureRows: readonly Row[] = [
  row('get /buildings/:buildingId/power', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/load-profile', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/day', SEEN_IN_BUILDING, aBuilding),
  row('get /buildings/:buildingId/sources', SEEN_IN_BUILDING, aBuilding),
];
