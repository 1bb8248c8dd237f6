import { InvalidInput } from '../errors.ts';

/** A whole number of the command line. */
export function wholeFlag(flag: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) throw new InvalidInput({ [flag]: `must be a whole number from ${least} to ${most}` });
  return number;
}
