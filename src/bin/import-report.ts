import { sayFinding } from '../domain/cell-table.ts';
import { summarise, type ModelDifference } from '../domain/compare-models.ts';
import type { RegisterSpec } from '../domain/meter-model.ts';
import type { ModelImportPreview, PreviewedModel } from '../use-cases/preview-model-import.ts';

/** What an import would do, for a terminal. */
export function importReport({ models, notes }: ModelImportPreview): string[] {
  return [...notes.map((note) => `note: ${sayFinding(note)}`), ...(notes.length > 0 ? [''] : []), ...models.flatMap(describeModel)];
}

function describeModel({ model, state, meters, difference }: PreviewedModel): string[] {
  const used = meters === 0 ? 'no meter is read by it' : meters === 1 ? '1 meter is read by it' : `${meters} meters are read by it`;
  const title = `${model.key}, ${model.vendor} ${model.name}: ${state === 'new' ? 'a new model' : `is there already, ${used}`}`;
  return [title, ...inColumns(rowsOf(difference)).map((row) => `  ${row}`), `  ${summarise(difference)}`, ''];
}

function rowsOf({ head, added, changed, removed }: ModelDifference): string[][] {
  const place = ({ quantity, unit, function: code, address, type, scale, scaleBy }: RegisterSpec) => [
    quantity,
    `function ${code}`,
    String(address),
    type,
    scaleBy === '' ? `x ${scale}` : `x ${scale} x 10^${scaleBy}`,
    unit,
  ];
  return [
    ...head.map(({ field, from, to }) => ['~', field, `${from || '(empty)'} -> ${to || '(empty)'}`]),
    ...added.map((spec) => ['+', ...place(spec)]),
    ...changed.flatMap(({ quantity, fields }) =>
      fields.map(({ field, from, to }) => ['~', quantity, field, `${from || '(empty)'} -> ${to || '(empty)'}`]),
    ),
    ...removed.map((spec) => ['-', ...place(spec)]),
  ];
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)).concat(most.slice(row.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
