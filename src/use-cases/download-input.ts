import { z } from 'zod';
import { DECIMAL_SIGNS, SEPARATORS, type CsvStyle } from '../domain/csv-line.ts';
import { camelName, QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { say, SENTENCES } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { TABLE_FORMATS } from '../sheets/write-table.ts';

export const DOWNLOADS = ['readings', 'energy', 'split', 'bills'] as const;
export type DownloadKind = (typeof DOWNLOADS)[number];

const oneOf = (values: readonly string[]) => `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
const BUCKETS = ['quarter', 'hour', 'day', 'month'] as const;

const idList = z
  .string()
  .max(20_000)
  .regex(/^[1-9]\d{0,9}(,[1-9]\d{0,9})*$/, SENTENCES.en.notIds)
  .transform((text) => [...new Set(text.split(',').map(Number))]);

const filters = {
  from: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'ISO 8601 with an offset, or a day in the zone; by default a day before `to`, or today' }),
  to: z.string().max(40).optional().meta({ description: 'Not included; by default a day after `from`, or the end of today' }),
  zone: z
    .string()
    .max(64)
    .refine(isZone, 'is not in the IANA list; one is Europe/Berlin')
    .optional()
    .meta({ description: 'In whose clocks times are written and days are meant; by default those of the building' }),
  flats: idList.optional().meta({ type: 'string', description: 'Ids separated by commas; all by default' }),
  points: idList.optional().meta({ type: 'string', description: 'Of readings and energy' }),
  meters: idList.optional().meta({ type: 'string', description: 'Of readings' }),
  quantities: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: 'Of readings, such as activePowerTotal,importActiveEnergyTotal; by default what the meters have' }),
  bucket: z.enum(BUCKETS, oneOf(BUCKETS)).default('quarter').meta({ description: 'Of energy and split' }),
};

/** `separator` and `decimal` of everything that comes as CSV. */
export const csvFields = {
  separator: z
    .enum(SEPARATORS, 'must be , or ;')
    .optional()
    .meta({ description: '`;` is what German spreadsheets take; the file then begins with the mark of UTF-8' }),
  decimal: z
    .enum(DECIMAL_SIGNS, 'must be . or ,')
    .optional()
    .meta({ description: 'By default the one that goes with the separator: `.` with `,` and `,` with `;`' }),
};

export const downloadInput = z.strictObject({
  ...filters,
  format: z.enum(TABLE_FORMATS, oneOf(TABLE_FORMATS)).default('csv'),
  ...csvFields,
});
export type DownloadInput = z.output<typeof downloadInput>;

export function csvStyle({
  separator = ',',
  decimal = separator === ';' ? ',' : '.',
}: { [K in keyof CsvStyle]?: CsvStyle[K] | undefined }): CsvStyle {
  if (decimal === separator) throw new InvalidInput({ decimal: say('decimalIsSeparator') });
  return { separator, decimal };
}

const BY_NAME = new Map(QUANTITIES.flatMap((name) => [[name as string, name] as const, [camelName(name), name] as const]));

/** Null: all. */
export function quantitiesOf(text: string | undefined): Quantity[] | null {
  if (text === undefined) return null;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !BY_NAME.has(name));
  if (unknown.length > 0) throw new InvalidInput({ quantities: say('noSuchQuantity', unknown.join(', ')) });
  return [...new Set(names.flatMap((name) => BY_NAME.get(name) ?? []))];
}
