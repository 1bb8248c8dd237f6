import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// From var/bench/bench/house/, where the benches are compiled to.
const RESULTS = fileURLToPath(new URL('../../../../bench/results/', import.meta.url));

/** Prints the rows as a table with a sentence below, and keeps all of it as JSON. */
export function report(
  name: string,
  rows: readonly Record<string, string | number>[],
  sentence: string,
  facts: Record<string, unknown>,
): void {
  console.table(rows);
  console.log(sentence);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}${name}.json`, `${JSON.stringify({ at: new Date().toISOString(), rows, ...facts }, null, 2)}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
