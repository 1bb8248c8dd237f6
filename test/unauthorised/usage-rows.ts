import { row, type CellContext, type Row, type Statuses } from './table.ts';

// Stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator.
const SEEN: Statuses = [401, 200, 404, 200, 404, 200, 404, 200];
/** By whoever lives there, and whoever makes the bills. */
const BILLED: Statuses = [401, 200, 404, 404, 404, 200, 404, 200];

const aFlat = ({ world }: CellContext) => ({ params: { flatId: world.a.flatId } });

export const usageRows: readonly Row[] = [
  row('get /flats/:flatId/bands', SEEN, aFlat),
  // Never a tenant or viewer: what they may never see is not there.
  row('get /buildings/:buildingId/activities', [401, 404, 404, 404, 404, 200, 404, 200], ({ world }) => ({
    params: { buildingId: world.a.buildingId },
  })),
  row('get /own/flats', [401, 200, 200, 403, 403, 403, 403, 200]),
  row('get /flats/:flatId/usage', SEEN, aFlat),
  row('get /flats/:flatId/usage/cost', BILLED, aFlat),
  row('get /flats/:flatId/usage/file', BILLED, aFlat),
];
