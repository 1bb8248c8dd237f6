import type { ParamsType } from 'adminjs';
import type { ComputedSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import type { OfficeProperty } from './property.ts';

/** A row as AdminJS takes it: declared fields only, in values that JSON knows. */
export function toParams(
  row: Row,
  properties: readonly OfficeProperty[],
  computed: Readonly<Record<string, ComputedSpec>> = {},
): ParamsType {
  return Object.fromEntries(
    properties.flatMap((property) => {
      const name = property.name();
      const made = computed[name];
      if (made) return [[name, made.value(row)]];
      if (!property.spec.column || row[name] === undefined) return [];
      return [[name, toParam(row[name], property.spec.column.type === 'Json')]];
    }),
  );
}

function toParam(value: unknown, isJson: boolean): unknown {
  if (isJson) return JSON.stringify(value, null, 2);
  // Counters stay far below 2^53 Wh.
  return typeof value === 'bigint' ? Number(value) : value;
}
