import { isQuantity } from '../../domain/quantity.ts';
import type { ReadingRow } from '../../domain/outcome.ts';
import { csvFields, csvStyle, quantitiesOf } from '../../use-cases/download-input.ts';
import { downloadMeterReadings } from '../../use-cases/download-meter-readings.ts';
import { listMeterGaps } from '../../use-cases/list-meter-gaps.ts';
import { listMeterReadings } from '../../use-cases/list-meter-readings.ts';
import { route, type Route } from '../contract.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { pageRequest, toList } from '../cursor.ts';
import { camelValues } from '../live-items.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';
import { gapReason, refused, values } from './meter-schema.ts';

const reading = z
  .object({
    at: time.openapi({ description: 'The moment it stands for' }),
    takenAt: time.openapi({ description: 'When the meter really answered' }),
    latencyMs: z.number().int().nullable(),
    values,
    extra: values.nullable().openapi({ description: 'What the model names and no standard quantity is' }),
    refused: refused.nullable().openapi({ description: 'Registers whose words were no value, and why' }),
  })
  .openapi('Reading');

const gap = z
  .object({
    id,
    fromAt: time,
    toAt: time,
    reason: gapReason,
    detail: z.string().openapi({ description: 'Empty for those who may not see lines' }),
  })
  .openapi('Gap');

const PREFIX = 'at:';

function encodeMoment(ms: number): string {
  return Buffer.from(`${PREFIX}${ms}`).toString('base64url');
}

function decodeMoment(cursor: string): number | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const ms = Number(text.slice(PREFIX.length));
  return text.startsWith(PREFIX) && Number.isSafeInteger(ms) ? ms : null;
}

function toReading(row: ReadingRow, wanted: Set<string> | null): z.input<typeof reading> {
  const { atMs, takenAtMs, latencyMs } = row;
  const shown =
    wanted === null ? row.values : Object.fromEntries(Object.entries(row.values).filter(([name]) => isQuantity(name) && wanted.has(name)));
  return {
    at: new Date(atMs),
    takenAt: new Date(takenAtMs),
    latencyMs,
    values: camelValues(shown),
    extra: wanted === null ? row.extra : null,
    refused: row.refused,
  };
}

const tags: [string] = ['readings'];
const params = z.object({ meterId: idParam });
const range = {
  from: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'ISO 8601 with an offset, or a day in the zone of the building; by default a day before `to`' }),
  to: z.string().max(40).optional().openapi({ description: 'Not included; by default a day after `from`, or now' }),
};

export const readingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/meters/:meterId/readings',
    name: 'listReadings',
    summary: 'The readings of a meter in [from, to), oldest first; as csv or ndjson all of them, for whoever may download',
    tags,
    permission: 'reading:read',
    params,
    query: z.object({
      limit: pageQuery.limit,
      cursor: z
        .string()
        .max(60)
        .refine((cursor) => decodeMoment(cursor) !== null, 'is not a cursor of this list')
        .optional(),
      ...range,
      quantities: z
        .string()
        .max(2_000)
        .optional()
        .openapi({ description: 'Names separated by commas, such as activePowerTotal,importActiveEnergyTotal' }),
      format: z.enum(['json', 'csv', 'ndjson'], 'must be json, csv or ndjson').default('json'),
      ...csvFields,
    }),
    response: listOf(reading),
    files: true,
    handler: async ({ deps, actor, params: { meterId }, query: { cursor, quantities, format, separator, decimal, ...query } }) => {
      const named = quantitiesOf(quantities);
      if (format !== 'json') {
        const input = { meterId, from: query.from, to: query.to, quantities: named, format, style: csvStyle({ separator, decimal }) };
        const { name, send } = await downloadMeterReadings(deps, actor, input);
        return new StreamedFile({
          name,
          type: TYPE_OF_FORMAT[format],
          write: (sink, signal) => deps.downloads.within(() => send(sink, signal), signal),
        });
      }
      const wanted = named && new Set<string>(named);
      const afterMs = cursor === undefined ? undefined : (decodeMoment(cursor) ?? undefined);
      const { items, nextAfterMs } = await listMeterReadings(deps, actor, { meterId, afterMs, ...query });
      return { items: items.map((row) => toReading(row, wanted)), next: nextAfterMs === null ? null : encodeMoment(nextAfterMs) };
    },
  }),
  route({
    method: 'get',
    path: '/meters/:meterId/gaps',
    name: 'listGaps',
    summary: 'Why there are no readings in [from, to)',
    tags,
    permission: 'reading:read',
    params,
    query: z.object({ ...pageQuery, ...range }),
    response: listOf(gap),
    handler: async ({ deps, actor, params: { meterId }, query: { from, to, ...page } }) =>
      toList(await listMeterGaps(deps, actor, { meterId, from, to, page: pageRequest(page) }), (row) => row),
  }),
];
