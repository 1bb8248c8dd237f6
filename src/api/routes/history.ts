import { csvFields, csvStyle } from '../../use-cases/download-input.ts';
import { downloadHistory } from '../../use-cases/download-history.ts';
import { listMeterQuantities } from '../../use-cases/list-meter-quantities.ts';
import { showHistory, type HistoryOfMeter, type HistorySeries } from '../../use-cases/show-history.ts';
import { route, type Route } from '../contract.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, rangeQuery, time, z } from '../schema.ts';

const extreme = z.object({ at: time, value: z.number() });
const values = z.array(z.number().nullable());

const series = z.object({
  quantity: z.string(),
  unit: z.string(),
  statistics: z
    .object({ count: z.number().int(), min: extreme, max: extreme, mean: z.number() })
    .nullable()
    .openapi({ description: 'Exact, of all readings of the time; null where there is none' }),
  values: values.openapi({ description: 'Of a bucket its mean' }),
  low: values.nullable().openapi({ description: 'The lowest of each bucket; null where every reading is told' }),
  high: values.nullable(),
});

const history = z
  .object({
    zone: z.string(),
    from: time,
    to: time,
    meters: z.array(
      z.object({
        meterId: id,
        serial: z.string(),
        flatName: z.string(),
        bucketMs: z.number().int().nullable().openapi({ description: 'How long a bucket is; null: every reading is told' }),
        steps: z.array(z.number().int()).openapi({
          description: 'When: milliseconds since 1970, then of each the milliseconds since the one before',
        }),
        breaks: z.array(z.number().int()).openapi({ description: 'Before these readings some are missing: no line leads over it' }),
        series: z.array(series),
      }),
    ),
  })
  .openapi('History');

function toSeries({ statistics, values: given, low, high, ...named }: HistorySeries): z.input<typeof series> {
  const at = ({ atMs, value }: { atMs: number; value: number }) => ({ at: new Date(atMs), value });
  return {
    ...named,
    statistics: statistics && { ...statistics, min: at(statistics.min), max: at(statistics.max) },
    values: [...given],
    low: low && [...low],
    high: high && [...high],
  };
}

function toMeter({ meter, bucketMs, steps, breaks, series: own }: HistoryOfMeter) {
  const flatName = meter.installations.at(-1)?.point.flat.name ?? '';
  return { meterId: meter.id, serial: meter.serial, flatName, bucketMs, steps, breaks, series: own.map(toSeries) };
}

export const historyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/history',
    name: 'readHistory',
    summary:
      'Any quantities of any meters in [from, to), today by default, with lowest, highest and mean: every reading, or of a long time buckets; as csv exactly the same, for whoever may download',
    tags: ['readings'],
    permission: 'reading:read',
    query: z.object({
      series: z
        .string()
        .max(2_000)
        .openapi({ description: 'METER:QUANTITY, separated by commas, such as 3:activePowerTotal,17:voltageL1' }),
      ...rangeQuery,
      columns: z
        .string()
        .regex(/^\d{2,4}$/, 'must be a number from 10 to 4000')
        .transform(Number)
        .refine((columns) => columns >= 10 && columns <= 4_000, 'must be a number from 10 to 4000')
        .default(1_000)
        .openapi({ type: 'integer', minimum: 10, maximum: 4_000, default: 1_000, description: 'How many buckets at most' }),
      format: z.enum(['json', 'csv'], 'must be json or csv').default('json'),
      ...csvFields,
    }),
    response: history,
    files: true,
    refuses: [404],
    handler: async ({ deps, actor, query: { format, separator, decimal, ...input } }) => {
      if (format === 'csv') {
        const { name, send } = await downloadHistory(deps, actor, { ...input, style: csvStyle({ separator, decimal }) });
        return new StreamedFile({
          name,
          type: TYPE_OF_FORMAT.csv,
          write: (sink, signal) => deps.downloads.within(() => send(sink, signal)),
        });
      }
      const { zone, fromMs, toMs, meters } = await showHistory(deps, actor, input);
      return { zone, from: new Date(fromMs), to: new Date(toMs), meters: meters.map(toMeter) };
    },
  }),
  route({
    method: 'get',
    path: '/meters/:meterId/quantities',
    name: 'listMeterQuantities',
    summary: 'What a meter tells, with its unit, and whether its readings have it',
    tags: ['meters'],
    permission: 'reading:read',
    params: z.object({ meterId: idParam }),
    response: z.object({ items: z.array(z.object({ quantity: z.string(), unit: z.string(), regular: z.boolean() })) }),
    handler: async ({ deps, actor, params }) => ({ items: await listMeterQuantities(deps, actor, params) }),
  }),
];
