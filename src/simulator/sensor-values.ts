import { AppError } from '../errors.ts';

const NUMBER = /^\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** Cumulative kWh, one to a line; a first line that is no number is a heading. Several columns: the named one. */
export function parseSensorValues(text: string, column: string | undefined): number[] {
  const lines = text.split(/\r?\n/);
  const separator = lines[0]?.includes(';') ? ';' : ',';
  const cellsOf = (line: string) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const heading = cellsOf(lines[0] ?? '');
  const isHeading = heading.some((cell) => !NUMBER.test(cell));
  const place = placeOf(heading, column);
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || (isHeading && index === 0)) return [];
    const cell = cellsOf(line)[place] ?? '';
    if (!NUMBER.test(cell)) throw new AppError('bad-file', `Line ${index + 1}: "${cell.slice(0, 40)}" is not a number of kWh, 0 or more.`);
    return [Number(cell)];
  });
}

function placeOf(heading: readonly string[], column: string | undefined): number {
  if (column === undefined) {
    if (heading.length === 1) return 0;
    throw new AppError('bad-file', `The file has ${heading.length} columns (${heading.join(', ')}): say with --column which one.`);
  }
  const place = heading.indexOf(column);
  if (place < 0) throw new AppError('bad-file', `The file has no column ${column}: it has ${heading.join(', ')}.`);
  return place;
}

/** The values in their order; from the end on again when it is a loop, and then the counter goes on. */
export function* replayed(values: readonly number[], loop: boolean): Generator<number> {
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  for (let turn = 0; turn === 0 || loop; turn += 1) {
    // The first value of a turn is the last one of the turn before.
    for (const value of turn === 0 ? values : values.slice(1)) yield Number((value + turn * (last - first)).toFixed(6));
  }
}
