import { z } from 'zod';
import { SENTENCES } from '../domain/refusal.ts';
import { isZone } from '../domain/time-bucket.ts';
import { emdcInput } from './import-emdc.ts';
import { emmInput } from './import-emm.ts';
import { mmeteringInput } from './import-mmetering.ts';
import { nameField, textField } from './input.ts';

const MB = 1024 * 1024;
export const MOST_IMPORT_BYTES = 512 * MB;
/** They are held in memory as a whole; the data is not. */
const MOST_TABLE_BYTES = 16 * MB;

const tooLarge = (most: number): string => `larger than ${most / MB} MB: use "wattbook import" on the server`;

function file(most: number, description: string) {
  return z
    .strictObject({
      name: nameField(250),
      bytes: z
        .number('must be a number')
        .int('must be a whole number')
        .min(1, 'the file is empty')
        .max(most, `the file is ${tooLarge(most)}`),
    })
    .meta({ description });
}
const dataFile = (description: string) => file(MOST_IMPORT_BYTES, description);
const tableFile = (description: string) => file(MOST_TABLE_BYTES, description);

function filesByRole<const S extends Record<string, z.ZodType<{ bytes: number } | undefined>>>(shape: S) {
  return z.strictObject(shape).refine(
    (files) => {
      const sizes = Object.values(files as Record<string, { bytes: number } | undefined>).map((one) => one?.bytes ?? 0);
      return sizes.reduce((sum, bytes) => sum + bytes, 0) <= MOST_IMPORT_BYTES;
    },
    `together they are ${tooLarge(MOST_IMPORT_BYTES)}`,
  );
}

/** What each kind has to be told, in the words of its use case. */
export const IMPORT_OPTIONS = {
  readings: z.strictObject({
    zone: textField(64).refine(isZone, SENTENCES.en.notAZone).nullable().default(null).meta({ description: 'Of times without an offset' }),
    moveStart: z.boolean('must be true or false').default(false).meta({ description: 'Readings from before a meter came move its start' }),
  }),
  mmetering: mmeteringInput,
  emdc: emdcInput,
  emm: emmInput,
} as const;

export type ImportKind = keyof typeof IMPORT_OPTIONS;

export const sendImportInput = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('readings'),
      files: filesByRole({ data: dataFile('CSV: meter_serial,time,import_kwh,export_kwh') }),
      ...IMPORT_OPTIONS.readings.shape,
    }),
    z.strictObject({
      kind: z.literal('mmetering'),
      files: filesByRole({ data: dataFile('JSON, as manage.py dumpdata mmetering writes it') }),
      ...IMPORT_OPTIONS.mmetering.shape,
    }),
    z.strictObject({
      kind: z.literal('emdc'),
      files: filesByRole({
        topics: tableFile('The table topics as CSV: topic_id,topic_name'),
        data: dataFile('The table data as CSV: ts,topic_id,value_string'),
        meta: tableFile('The table meta as CSV, for units: topic_id,metadata').optional(),
      }),
      ...IMPORT_OPTIONS.emdc.shape,
    }),
    z.strictObject({
      kind: z.literal('emm'),
      files: filesByRole({
        meters: tableFile('The table energy_meters as CSV: id,host,port,slave_address,type,description'),
        registers: tableFile('The table registers as CSV: measurement_name,data_unit'),
        data: dataFile('What Influx has, as CSV: name,time,id,value and, where it is, dataunit'),
      }),
      ...IMPORT_OPTIONS.emm.shape,
    }),
  ],
  'must be readings, mmetering, emdc or emm',
);
