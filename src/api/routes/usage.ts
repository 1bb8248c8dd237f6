import { formatMicro, type Micro } from '../../domain/money.ts';
import { USAGE_VIEWS } from '../../domain/usage.ts';
import { csvFields, csvStyle } from '../../use-cases/download-input.ts';
import { downloadUsage } from '../../use-cases/download-usage.ts';
import { flatKind } from '../../use-cases/create-flat.ts';
import { showOwnFlats } from '../../use-cases/show-own-flats.ts';
import { showUsageCost } from '../../use-cases/show-usage-cost.ts';
import { showUsage, type Usage } from '../../use-cases/show-usage.ts';
import { route, type Route } from '../contract.ts';
import { fileAnswer, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, money, time, z } from '../schema.ts';

const wattHours = z.number().int().nullable().openapi({ description: 'Wh; null when unknown, never 0 for it' });
const STATES = ['measured', 'estimated', 'incomplete', 'missing', 'running', 'ahead', 'outside'] as const;
const localDate = z.string().openapi({ example: '2026-06-18' });
const days = z.object({ from: localDate, to: localDate.openapi({ description: 'Not included' }) });

const usage = z
  .object({
    flatId: id,
    kind: flatKind,
    zone: z.string(),
    view: z.enum(USAGE_VIEWS),
    days,
    from: time,
    to: time,
    before: days.openapi({ description: 'What it is compared with: the same weekday, the month or the year before' }),
    limits: z
      .array(z.object({ pointId: id, name: z.string(), limitWh: z.number() }))
      .openapi({ description: 'What an hour may take at a point' }),
    items: z.array(
      z.object({
        from: time,
        to: time,
        wh: wattHours,
        state: z.enum(STATES).openapi({
          description:
            'How well it is known; outside: not of the own time; running: not over, or only just; incomplete: at least what is said',
        }),
        unknownSlots: z.number().int().openapi({ description: 'Quarter hours of it that should be known by now, and are not' }),
        beforeWh: wattHours,
        hoursOver: z.number().int().openapi({ description: 'Hours of it over the limit that a point has now' }),
      }),
    ),
    wh: wattHours,
    change: z
      .object({ wh: z.number().int(), beforeWh: z.number().int(), until: time, left: z.number().int() })
      .nullable()
      .openapi({ description: 'Only what is over and known on both sides; `left` are the parts left out' }),
  })
  .openapi('Usage');

const cost = money.nullable().openapi({ description: 'Without base price and VAT; null without a tariff' });

const usageCost = z
  .object({
    currency: z.string().nullable(),
    items: z.array(z.object({ from: time, to: time, gridWh: wattHours, ownWh: wattHours, cost })),
    gridWh: wattHours,
    ownWh: wattHours.openapi({ description: 'Of the own production of the building, as it is split for bills' }),
    lines: z.array(
      z.object({
        kind: z.enum(['grid', 'own']),
        label: z.string().openapi({ description: 'The band of the tariff, or the producer' }),
        wh: z.number().int(),
        price: money.openapi({ description: 'Per kWh' }),
        amount: money,
      }),
    ),
    cost,
  })
  .openapi('UsageCost');

const ownFlat = z
  .object({
    id,
    name: z.string(),
    kind: flatKind,
    buildingName: z.string(),
    zone: z.string(),
    demo: z.boolean(),
    periods: z.array(z.object({ from: time.nullable(), to: time.nullable() })),
  })
  .openapi('OwnFlat');

function toUsage({ flat, span, change, items, ...shown }: Usage): z.input<typeof usage> {
  return {
    ...shown,
    flatId: flat.id,
    kind: flat.kind,
    from: new Date(span.fromMs),
    to: new Date(span.toMs),
    items: items.map(({ fromMs, toMs, ...item }) => ({ ...item, from: new Date(fromMs), to: new Date(toMs) })),
    change: change && { wh: change.wh, beforeWh: change.beforeWh, until: new Date(change.untilMs), left: change.left },
  };
}

const amountOf = (micro: Micro | null) => (micro === null ? null : formatMicro(micro));
const moment = (ms: number | null) => (ms === null ? null : new Date(ms));

const params = z.object({ flatId: idParam });
const day = z.string().max(10).optional().openapi({ description: 'A day in it, in the zone of the building; today by default' });
const tags: [string] = ['flats'];

export const usageRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/own/flats',
    name: 'listOwnFlats',
    summary: 'The flats of one’s own, also those one has moved out of',
    tags,
    permission: 'own:read',
    response: z.object({ items: z.array(ownFlat) }),
    handler: async ({ deps, actor }) => ({
      items: (await showOwnFlats(deps, actor)).map(({ flat, periods }) => ({
        ...flat,
        buildingName: flat.building.name,
        zone: flat.building.zone,
        demo: flat.building.demo,
        periods: periods.map(({ fromMs, toMs }) => ({ from: moment(fromMs), to: moment(toMs) })),
      })),
    }),
  }),
  route({
    method: 'get',
    path: '/flats/:flatId/usage',
    name: 'readUsage',
    summary: 'What a flat used in a day, month or year, beside the time before; a tenant has the own time',
    tags,
    permission: 'reading:read',
    params,
    query: z.object({ view: z.enum(USAGE_VIEWS).default('day'), day }),
    response: usage,
    handler: async ({ deps, actor, params: { flatId }, query }) => toUsage(await showUsage(deps, actor, { flatId, ...query })),
  }),
  route({
    method: 'get',
    path: '/flats/:flatId/usage/cost',
    name: 'readUsageCost',
    summary: 'Where the energy of a day or month came from, and what it costs: split and priced as bills are',
    tags,
    permission: 'bill:read',
    params,
    query: z.object({ view: z.enum(['day', 'month'], 'must be day or month').default('day'), day }),
    response: usageCost,
    handler: async ({ deps, actor, params: { flatId }, query }) => {
      const shown = await showUsageCost(deps, actor, { flatId, ...query });
      return {
        ...shown,
        cost: amountOf(shown.cost),
        items: shown.items.map(({ fromMs, toMs, cost: micro, ...item }) => ({
          ...item,
          from: new Date(fromMs),
          to: new Date(toMs),
          cost: amountOf(micro),
        })),
        lines: shown.lines.flatMap(({ kind, label, wh, price, amount }) =>
          kind === 'base' ? [] : [{ kind, label, wh, price: formatMicro(price), amount: formatMicro(amount) }],
        ),
      };
    },
  }),
  route({
    method: 'get',
    path: '/flats/:flatId/usage/file',
    name: 'downloadUsage',
    summary: 'What is seen of a day, month or year, as CSV',
    tags,
    permission: 'reading:download',
    params,
    query: z.object({ view: z.enum(USAGE_VIEWS).default('day'), day, ...csvFields }),
    response: fileAnswer,
    handler: ({ deps, actor, params: { flatId }, query: { separator, decimal, ...query } }) =>
      deps.downloads.within(async () => {
        const file = await downloadUsage(deps, actor, { flatId, ...query, style: csvStyle({ separator, decimal }) });
        return { ...file, type: TYPE_OF_FORMAT.csv };
      }),
  }),
];
