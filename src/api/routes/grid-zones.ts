import { reach } from '../../domain/permission.ts';
import { listGridZones } from '../../store/grid-zones.ts';
import { listZoneAlarms, showGridZone, type Peak } from '../../use-cases/show-grid-zone.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { gridZoneParam, id, listOf, pageQuery, time, z } from '../schema.ts';

const watts = z.number().nullable().openapi({ description: 'W; null when unknown, never 0 for it' });
const peak = z
  .object({ powerW: z.number(), at: time })
  .nullable()
  .openapi({ description: 'The quarter hour of the last day with the most that is known, as power' });
const count = z.number().int();

const gridZone = z
  .object({ gridZone: z.string(), buildings: count, sources: count.openapi({ description: 'Gateways and devices with this label' }) })
  .openapi('GridZone');

const statistics = z
  .object({
    gridZone: z.string(),
    at: time,
    meters: count,
    online: count,
    offline: count,
    unheard: count.openapi({ description: 'Meters that have neither answered nor missed a slot yet' }),
    power: z.object({
      consumptionW: watts,
      productionW: watts,
      gridImportW: watts,
      gridExportW: watts,
      missing: count.openapi({ description: 'How many meters that count here said nothing: the sums lack them' }),
    }),
    peaks: z.object({ consumption: peak, production: peak, gridImport: peak, gridExport: peak }),
    alarms: count.nullable().openapi({ description: 'Open alarms, silent meters included; null for whoever may not see incidents' }),
  })
  .openapi('GridZoneStatistics');

const alarmedMeter = z
  .object({
    meterId: id,
    serial: z.string(),
    flatName: z.string(),
    buildingId: id,
    offlineSince: time.nullable(),
    tamperingSince: time.nullable(),
    excessPowerSince: time.nullable(),
    alarms: z.array(z.object({ name: z.string(), title: z.string(), since: time })).openapi({ description: 'All that is open' }),
  })
  .openapi('AlarmedMeter');

const toPeak = (most: Peak | null) => most && { powerW: most.powerW, at: new Date(most.atMs) };

const tags: [string] = ['grid-zones'];
const params = z.object({ gridZone: gridZoneParam });

export const gridZoneRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/grid-zones',
    name: 'listGridZones',
    summary: 'The parts of the grid that buildings, gateways and devices are labelled with',
    tags,
    permission: 'building:read',
    response: z.object({ items: z.array(gridZone) }),
    handler: async ({ deps, actor }) => ({ items: await listGridZones(deps.database.pool, reach(actor, 'building:read')) }),
  }),
  route({
    method: 'get',
    path: '/grid-zones/:gridZone/statistics',
    name: 'readGridZoneStatistics',
    summary: 'How many meters of a part of the grid are online, what they take and give now, and the most of the last day',
    tags,
    permission: 'live:read',
    params,
    response: statistics,
    handler: async ({ deps, actor, params: zone }) => {
      const shown = await showGridZone(deps, actor, zone);
      const { power, peaks, atMs, ...counts } = shown;
      return {
        ...zone,
        ...counts,
        at: new Date(atMs),
        power: {
          ...{ consumptionW: power.consumption, productionW: power.production },
          ...{ gridImportW: power.gridImport, gridExportW: power.gridExport, missing: power.missing },
        },
        peaks: {
          ...{ consumption: toPeak(peaks.consumption), production: toPeak(peaks.production) },
          ...{ gridImport: toPeak(peaks.gridImport), gridExport: toPeak(peaks.gridExport) },
        },
      };
    },
  }),
  route({
    method: 'get',
    path: '/grid-zones/:gridZone/alarms',
    name: 'listGridZoneAlarms',
    summary: 'The meters of a part of the grid that are silent or report an alarm now',
    tags,
    permission: 'incident:read',
    params,
    query: z.object(pageQuery),
    response: listOf(alarmedMeter),
    handler: async ({ deps, actor, params: zone, query }) =>
      toList(await listZoneAlarms(deps, actor, { ...zone, ...pageRequest(query) }), ({ meter, ...alarms }) => ({
        ...{ meterId: meter.id, serial: meter.serial, flatName: meter.flatName, buildingId: meter.buildingId },
        ...alarms,
      })),
  }),
];
