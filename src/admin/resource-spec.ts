import type { PropertyType } from 'adminjs';
import type { Actor, Permission, Reach } from '../domain/permission.ts';
import type { ActionSpec, ListActionSpec } from './actions/action-spec.ts';
import type { Input, Row } from './row.ts';

export type Group = 'Building' | 'Metering' | 'Bills' | 'People' | 'Operation';

export interface FieldSpec {
  label?: string;
  /** What a technician needs to know to fill it in. */
  help?: string;
  type?: PropertyType;
  values?: { value: string; label: string }[];
  /** Another resource whose id stands here; of a column the data model knows it. */
  reference?: string;
  required?: boolean;
  /** The component of its form, where that of its type does not do. */
  edit?: string;
  /** A field of a form without a column of its own; a use case takes it. */
  formOnly?: boolean;
}

/** A value for list and page that is put together from other rows. */
export interface ComputedSpec {
  label: string;
  /** What it needs; only of rows within the reach of `read`. */
  select(reach: Reach): Row;
  value(row: Row): string | number | null;
  /** Which rows a searched text means; without it nobody searches by it. */
  search?(text: string): object;
}

/**
 * What the back office shows of a table. Only the columns named here are ever read from the database, sorted by,
 * filtered by or written: a secret that is not named cannot leave.
 */
export interface ResourceSpec {
  /** In the address, such as `meters`. */
  id: string;
  model: string;
  label: string;
  /** One of them, such as `Meter`. */
  one: string;
  group: Group;
  title: string;
  read: Permission;
  change: Permission | null;
  /** Which rows the reach of `read` shows, and the reach of `change` may touch. */
  within(reach: Reach): object;
  /** Where changing takes more than seeing. */
  withinChange?(reach: Reach): object;
  list: string[];
  show: string[];
  filter?: string[];
  /** The fields of the form that makes one; none: nobody makes one here. */
  create?: string[];
  edit?: string[];
  remove?: boolean;
  sort?: { by: string; direction: 'asc' | 'desc' };
  fields?: Record<string, FieldSpec>;
  computed?: Record<string, ComputedSpec>;
  actions?: ActionSpec[];
  /** Beside New, above the list. */
  listActions?: ListActionSpec[];
  /** The file in components/ that shows one of them, where a list of its fields does not do. */
  page?: string;
  /** Of a table that grows without end: as many rows as the list goes on to. */
  countUpTo?: number;
  /** The action that opens after a row was made. */
  afterCreate?: string;
  /** What one reads when the list is empty. */
  empty?: string;
  /** What is known of these rows beside the database; it stands in each row as `told`. */
  beside?(ids: readonly number[]): Promise<ReadonlyMap<number, unknown>>;
  /** Throws where a row is not for people to write. */
  refuseWrite?(write: 'create' | 'edit' | 'remove', id: number | string | null): void;
  /** Where a use case does it. Otherwise the adapter writes the row and what was done. */
  onCreate?(actor: Actor, input: Input): Promise<number | string>;
  onEdit?(actor: Actor, id: number | string, input: Input): Promise<void>;
  onRemove?(actor: Actor, id: number | string): Promise<void>;
}
