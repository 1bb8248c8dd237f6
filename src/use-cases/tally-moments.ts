import type { ImportProblems } from '../domain/import-problems.ts';
import { isEnergy } from '../domain/quantity.ts';
import type { RowPlace, StagedMoment } from '../store/import-staging.ts';
import { iso } from './data-import.ts';

interface Counted {
  first: RowPlace | null;
  count: number;
}

/** What is found in the moments of one meter. */
export interface Tally {
  moments: number;
  /** Repeated with another value. */
  contradicted: Counted;
  /** Stored already with another value. */
  differing: Counted;
  steppedBack: Counted;
  before: (number | null)[];
}

export interface TallyRules {
  columns: readonly string[];
  nowMs: number;
  /** A system that never refused two values for one moment has dumps that nobody can mend: there the first one counts. */
  contradictions: 'refused' | 'noted';
  /** Where a row stands, for people. */
  placeOf(row: RowPlace): string;
  problems: ImportProblems;
}

/** Clocks differ a little. */
const AHEAD_MS = 5 * 60_000;

export function newTally(): Tally {
  const none = (): Counted => ({ first: null, count: 0 });
  return { moments: 0, contradicted: none(), differing: none(), steppedBack: none(), before: [] };
}

export function countRow(counted: Counted, row: RowPlace): void {
  counted.first ??= row;
  counted.count += 1;
}

/** What a moment says by itself and after the one before. */
export function tallyMoment(tally: Tally, moment: StagedMoment, { columns, nowMs, contradictions, placeOf, problems }: TallyRules): void {
  const { atMs, values, other } = moment;
  tally.moments += 1;
  if (other !== null && contradictions === 'noted') countRow(tally.contradicted, other);
  if (other !== null && contradictions === 'refused') {
    problems.add(placeOf(other), `says another value for the same meter and time than ${placeOf(moment)}`);
  }
  if (atMs > nowMs + AHEAD_MS) problems.add(placeOf(moment), `${iso(atMs)} lies ahead`);
  const stepsBack = values.some((value, place) => value !== null && isEnergy(columns[place] ?? '') && value < (tally.before[place] ?? 0));
  if (stepsBack) countRow(tally.steppedBack, moment);
  tally.before = values.map((value, place) => value ?? tally.before[place] ?? null);
}

export function notesOf(serial: string, { contradicted, differing, steppedBack }: Tally, placeOf: (row: RowPlace) => string): string[] {
  const notes: string[] = [];
  const note = ({ first, count }: Counted, sentence: (times: string, place: string) => string): void => {
    if (first !== null) notes.push(`${serial}: ${sentence(count === 1 ? 'once' : `${count} times`, placeOf(first))}`);
  };
  note(contradicted, (times, place) => `two values for one moment ${times}, first at ${place}; the one that comes first counts`);
  note(differing, (times, place) => `another value is here already ${times}, first for ${place}; what is here stays`);
  note(steppedBack, (times, place) => `the counter steps back ${times}, first at ${place}; settling tells a reset from a mistake`);
  return notes;
}
