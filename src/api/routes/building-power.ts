import { showBuildingPower } from '../../use-cases/show-building-power.ts';
import { showLoadProfile } from '../../use-cases/show-load-profile.ts';
import { route, type Route } from '../contract.ts';
import { idParam, quality, rangeQuery, time, z } from '../schema.ts';

const watts = z.number().nullable().openapi({ description: 'W; null when unknown, never 0 for it' });
const wattHours = z.number().int().nullable().openapi({ description: 'Wh; null when unknown, never 0 for it' });
const missing = z.number().int().openapi({ description: 'How many meters that count here said nothing: the sums lack them' });

const buildingPower = z
  .object({
    consumptionW: watts,
    productionW: watts,
    gridImportW: watts,
    gridExportW: watts,
    missing,
    newestAt: time.nullable(),
    ageMs: z.number().int().nullable().openapi({ description: 'Age of the newest value' }),
  })
  .openapi('BuildingPower');

const loadProfile = z
  .object({
    zone: z.string(),
    items: z.array(
      z.object({
        slot: time,
        consumptionWh: wattHours,
        productionWh: wattHours,
        gridImportWh: wattHours,
        gridExportWh: wattHours,
        missing,
        quality: quality.nullable().openapi({ description: 'The worst of consumption and production; null while nothing is known' }),
      }),
    ),
  })
  .openapi('LoadProfile');

const tags: [string] = ['buildings'];
const params = z.object({ buildingId: idParam });

export const buildingPowerRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/power',
    name: 'readBuildingPower',
    summary: 'What the building takes and gives now',
    tags,
    permission: 'live:read',
    params,
    response: buildingPower,
    handler: async ({ deps, actor, params: { buildingId } }) => {
      const power = await showBuildingPower({ ...deps, readCron: deps.config.READ_CRON }, actor, { buildingId });
      const { consumption, production, gridImport, gridExport, newestMs } = power;
      return {
        consumptionW: consumption,
        productionW: production,
        gridImportW: gridImport,
        gridExportW: gridExport,
        missing: power.missing,
        newestAt: newestMs === null ? null : new Date(newestMs),
        ageMs: newestMs === null ? null : Math.max(0, deps.clock() - newestMs),
      };
    },
  }),
  route({
    method: 'get',
    path: '/buildings/:buildingId/load-profile',
    name: 'readLoadProfile',
    summary:
      'The energy of a building by the quarter hour, hour, day or month in [from, to), today by default: consumer, common and ev flats consume, producers produce, the grid stands apart',
    tags,
    permission: 'reading:read',
    params,
    query: z.object({ ...rangeQuery, bucket: z.enum(['quarter', 'hour', 'day', 'month']).default('quarter') }),
    response: loadProfile,
    handler: async ({ deps, actor, params: { buildingId }, query }) => {
      const { zone, items } = await showLoadProfile(deps, actor, { buildingId, ...query });
      return { zone, items: items.map(({ fromMs, ...item }) => ({ slot: new Date(fromMs), ...item })) };
    },
  }),
];
