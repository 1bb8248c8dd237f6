import { row, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN_IN_BUILDING: Statuses = [401, 404, 404, 200, 404, 200, 404, 200];
const SEEN_BY_TENANT_TOO: Statuses = [401, 200, 404, 200, 404, 200, 404, 200];

export const meterPageRows: readonly Row[] = [
  row('get /buildings/:buildingId/coverage', SEEN_IN_BUILDING, ({ world }) => ({ params: { buildingId: world.a.buildingId } })),
  row('get /buildings/:buildingId/balance', SEEN_IN_BUILDING, ({ world }) => ({ params: { buildingId: world.a.buildingId } })),
  row('get /meters/:meterId/quantities', SEEN_BY_TENANT_TOO, ({ world }) => ({ params: { meterId: world.a.meterId } })),
  row('get /history', SEEN_BY_TENANT_TOO, ({ world }) => ({ query: { series: `${world.a.meterId}:activePowerTotal` } })),
];
