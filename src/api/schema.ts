import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { PERMISSIONS } from '../domain/permission.ts';
import { QUALITIES } from '../domain/quality.ts';
import { EARLIEST_MS, LATEST_MS } from '../domain/time-bucket.ts';
import { decodeCursor } from './cursor.ts';

extendZodWithOpenApi(z);

export { z };

/** An id in a path or a query: text on the way in. */
export const idParam = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'must be a number')
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1 });

/** A whole number in a query: text on the way in. */
export function wholeParam(least: number, most: number) {
  const problem = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, problem)
    .transform(Number)
    .refine((number) => number >= least && number <= most, problem);
}

/** A part of the grid, by its label. */
export const gridZoneParam = z.string().min(1).max(80);

/** An id in a body or an answer. */
export const id = z.number().int().min(1).max(4_294_967_295);

/** A moment in an answer: given as a Date or as ISO text, sent as ISO 8601 with offset. */
export const time = z.preprocess(
  (at) => (at instanceof Date ? at.toISOString() : at),
  z.iso.datetime({ offset: true }),
) as unknown as z.ZodType<string, Date | string>;

const YEARS = 'must be a time in the years 1970 to 2199';

/** A moment that a caller sends. */
export const timeInput = z.iso
  .datetime({ offset: true, error: 'must be a time with an offset, such as 2026-01-31T12:00:00+01:00' })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= EARLIEST_MS && at.getTime() < LATEST_MS, YEARS);

/** A counter in an answer: whole Wh or varh. */
export const wholeNumber = z.preprocess(
  (count) => (typeof count === 'bigint' ? Number(count) : count),
  z.number().int(),
) as unknown as z.ZodType<number, bigint | number>;

/** A decimal number as text, so that no reader rounds it: a price, an amount. */
export const money = z.string().openapi({ example: '12.34' });

export const permission = z.enum(PERMISSIONS).openapi('Permission');

/** `?limit=&cursor=` of every list. Spread it into a query: `z.object({ ...pageQuery, buildingId: idParam.optional() })`. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number from 1 to 500')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 500, 'must be a number from 1 to 500')
    .default(100)
    .openapi({ type: 'integer', minimum: 1, maximum: 500, default: 100 }),
  cursor: z
    .string()
    .max(60)
    .refine((cursor) => decodeCursor(cursor) !== null, 'is not a cursor of this list')
    .optional()
    .openapi({ description: 'The `next` of the piece before' }),
};

/** `?own=true` of a list that a role may open to more than what is one's own. */
export const ownOnly = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional()
  .openapi({ type: 'boolean', description: 'Only what belongs to the own flats and meters, whatever a role opens besides' });

/** `?from=&to=` of everything that is told over a time. */
export const rangeQuery = {
  from: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'ISO 8601 with an offset, or a day in the zone of the building; by default a day before `to`, or today' }),
  to: z.string().max(40).optional().openapi({ description: 'Not included; by default a day after `from`, or the end of today' }),
};

export const quality = z.enum(QUALITIES).openapi('Quality');

/** The answer of a list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
