import { z } from 'zod';
import { formatMicro, parseMicro, type Micro } from '../domain/money.ts';
import { say, SENTENCES } from '../domain/refusal.ts';
import { isDay, parseMoment } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { fieldsOf } from '../http/problem.ts';

/** Input from wherever it comes: REST, a form, a command. A bad field is named. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (!result.success) throw new InvalidInput(fieldsOf(result.error), { cause: result.error });
  return result.data;
}

export const idField = z
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(4_294_967_295, 'is too large');

// What shows a name other than it is stored: control characters, and those that turn the direction of writing.
const UNSEEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

export function textField(longest: number) {
  return z
    .string('must be a text')
    .trim()
    .max(longest, `takes at most ${longest} characters`)
    .refine((text) => !UNSEEN.test(text), SENTENCES.en.controlCharacters);
}

export function nameField(longest: number) {
  return textField(longest).min(1, SENTENCES.en.fieldEmpty);
}

export function wholeField(least: number, most: number) {
  const problem = `must be a whole number from ${least} to ${most}`;
  return z.number(problem).int(problem).min(least, problem).max(most, problem);
}

const LEAST_POSITIVE = 0.000_001;

export function positiveField(most: number) {
  const problem = `must be a number from ${LEAST_POSITIVE.toFixed(6)} to ${most}`;
  return z.number(problem).min(LEAST_POSITIVE, problem).max(most, problem);
}

const MOMENT = SENTENCES.en.notAMoment;

const description = 'ISO 8601 with an offset, or a bare date: a day in the zone of the building';
const moment = z.union([z.date(), z.string().max(40)], MOMENT);

/** ISO 8601 with an offset, or a day in the building's zone. */
export const momentField = moment.meta({ type: 'string', format: 'date-time', description });

/** The same, or null for an open end. */
export const openMomentField = moment.nullable().meta({ type: ['string', 'null'], format: 'date-time', description });

/** What a moment means in a building's zone. */
export function momentOf(field: string, value: Date | string, zone: string): Date {
  const ms = typeof value === 'string' ? parseMoment(value, zone) : value.getTime();
  if (ms === null || Number.isNaN(ms)) throw new InvalidInput({ [field]: say('notAMoment') });
  return new Date(ms);
}

/** A decimal number as text or number, with so many places at most; `microOf` makes micro-units of it. */
export function decimalField(what: string, most: bigint, places: number) {
  const problem = `must be ${what} from 0 to ${formatMicro(most, 0)} with at most ${places} decimals`;
  const step = 10n ** BigInt(6 - places);
  return z
    .union([z.string().max(20), z.number()], problem)
    .refine((value) => {
      const micro = parseMicro(String(value));
      return micro !== null && micro >= 0n && micro <= most && micro % step === 0n;
    }, problem)
    .meta({ type: 'string', description: `${what}: a decimal number, also as text` });
}

/** Of a checked `decimalField`. */
export function microOf(value: string | number): Micro {
  return parseMicro(String(value)) ?? 0n;
}

export const dayField = z.string(SENTENCES.en.notADay).refine(isDay, SENTENCES.en.notADay).meta({ format: 'date' });
