import type { ResourceSpec } from '../resource-spec.ts';
import type { Column } from './data-model.ts';
import { OfficeProperty } from './property.ts';

const SECRET = /hash|secret|epoch|password/i;

/** The fields that a resource names, and its id: AdminJS and the database know of no other. */
export function declareProperties(
  spec: ResourceSpec,
  columns: ReadonlyMap<string, Column>,
  resourceOf: (model: string) => string | null,
): OfficeProperty[] {
  const id = [...columns.values()].filter((column) => column.isId).map((column) => column.name);
  const names = new Set([...id, spec.title, ...spec.list, ...spec.show, ...(spec.create ?? []), ...(spec.edit ?? [])]);
  return [...names].map((name, position) => {
    const column = columns.get(name) ?? null;
    const field = spec.fields?.[name] ?? {};
    const computed = spec.computed?.[name];
    if (SECRET.test(name)) throw new Error(`${spec.id}.${name} must not be shown.`);
    if (!column && !field.formOnly && !computed) throw new Error(`${spec.model} has no ${name}.`);
    return new OfficeProperty({
      name,
      position,
      column,
      field,
      reference: field.reference ?? (column?.refersTo ? resourceOf(column.refersTo) : null),
      isTitle: name === spec.title,
      isFilterable: column ? name === spec.title || (spec.filter ?? []).includes(name) : computed?.search !== undefined,
      isSortable: column !== null && column.type !== 'Json',
      search: computed?.search ?? null,
    });
  });
}
