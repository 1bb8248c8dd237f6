import { row, type Row } from './table.ts';

export const firstStepRows: readonly Row[] = [
  row('post /buildings/:buildingId/flats', [401, 403, 403, 403, 403, 201, 404, 201], ({ world, n }) => ({
    params: { buildingId: world.a.buildingId },
    body: { flats: [{ name: `listed ${n}` }] },
  })),
  row('get /lines/:lineId/scans', [401, 404, 404, 404, 404, 200, 404, 200], ({ world }) => ({ params: { lineId: world.a.lineId } })),
];
