import type { Extreme } from '../../domain/day-figures.ts';
import { showBuildingDay } from '../../use-cases/show-building-day.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, time, z } from '../schema.ts';

const wattHours = z.number().int().nullable().openapi({ description: 'Wh; null when unknown, never 0 for it' });
const extreme = z.object({ slot: time, consumptionWh: z.number().int() }).nullable();
const lacking = z.number().int().openapi({ description: 'In how many quarter hours a meter is missing from the sums' });

const standing = z.object({
  count: z.number().int(),
  running: z.number().int().openapi({ description: 'Flats whose meters answer' }),
  silent: z.number().int().openapi({ description: 'Flats of which a meter fell silent; the others were never read' }),
});

const flatUse = z.object({ flatId: id, name: z.string(), consumptionWh: z.number().int(), incompleteSlots: lacking });

const buildingDay = z
  .object({
    zone: z.string(),
    day: z.string().openapi({ description: 'Today in the zone of the building' }),
    until: time.nullable().openapi({ description: 'The end of the last quarter hour that something is known of' }),
    consumptionWh: wattHours,
    productionWh: wattHours,
    incompleteSlots: lacking,
    yesterday: z
      .object({ until: time, consumptionWh: wattHours, incompleteSlots: lacking })
      .openapi({ description: 'The day before until its clocks showed the same' }),
    high: extreme.openapi({ description: 'The quarter hour with the highest consumption' }),
    low: extreme.openapi({ description: 'The one with the lowest, of those whose sums lack least' }),
    selfSufficiency: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .openapi({ description: 'The share of the consumption that the own production met' }),
    consumers: standing,
    producers: standing,
    topFlats: z.array(flatUse).openapi({ description: 'The five flats that used most today, of those where something is known' }),
    pointsToSettle: z.number().int().openapi({ description: 'Points whose energy of the two days is yet to be made: the sums lack it' }),
  })
  .openapi('BuildingDay');

function extremeOf(found: Extreme | null) {
  return found && { slot: new Date(found.fromMs), consumptionWh: found.wh };
}

export const buildingDayRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/day',
    name: 'readBuildingDay',
    summary: 'Today so far beside yesterday until the same minute, high and low, self-sufficiency, how the flats do, and which used most',
    tags: ['buildings'],
    permission: 'reading:read',
    params: z.object({ buildingId: idParam }),
    response: buildingDay,
    handler: async ({ deps, actor, params: { buildingId } }) => {
      const { before, incomplete, untilMs, toSettle, ...day } = await showBuildingDay(deps, actor, { buildingId });
      return {
        ...day,
        until: untilMs === null ? null : new Date(untilMs),
        incompleteSlots: incomplete.today,
        yesterday: { until: new Date(before.untilMs), consumptionWh: before.consumptionWh, incompleteSlots: incomplete.before },
        high: extremeOf(day.high),
        low: extremeOf(day.low),
        topFlats: day.topFlats.map(({ missing, ...flat }) => ({ ...flat, incompleteSlots: missing })),
        pointsToSettle: toSettle,
      };
    },
  }),
];
