import { isQuantity, unitOf } from '../domain/quantity.ts';
import type { PhysicsCheck } from '../domain/physics.ts';

const hex = (word: number) => word.toString(16).toUpperCase().padStart(4, '0');

/** What was read as lines for the terminal: values with their units, what was refused, and what physics does not believe. */
export function readingLines(
  { values, refused }: { values: Record<string, number>; refused: Record<string, { reason: string; words: number[] }> },
  checks: readonly PhysicsCheck[],
): string[] {
  const width = Math.max(0, ...[...Object.keys(values), ...Object.keys(refused)].map((name) => name.length));
  return [
    ...Object.entries(values).map(([name, value]) => {
      const unit = isQuantity(name) ? unitOf(name) : '';
      return `  ${name.padEnd(width)}  ${Number(value.toPrecision(9))} ${unit}`.trimEnd();
    }),
    ...Object.entries(refused).map(([name, { reason, words }]) => `  ${name.padEnd(width)}  ${reason} (${words.map(hex).join(' ')})`),
    ...checks.filter(({ holds }) => !holds).map(({ sentence }) => `  does not fit: ${sentence}`),
  ];
}
