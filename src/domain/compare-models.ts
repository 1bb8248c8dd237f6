import type { MeterModel, RegisterSpec } from './meter-model.ts';

export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/** What becomes of a model when another one takes its place. */
export interface ModelDifference {
  /** Vendor, name and so on. */
  head: FieldChange[];
  added: RegisterSpec[];
  changed: { quantity: string; fields: FieldChange[] }[];
  removed: RegisterSpec[];
  unchanged: number;
}

/** By quantity: the order of registers means nothing. Without a model before, everything is new. */
export function compareModels(before: MeterModel | null, after: MeterModel): ModelDifference {
  if (before === null) return { head: [], added: after.registers, changed: [], removed: [], unchanged: 0 };
  const old = new Map(before.registers.map((spec) => [spec.quantity, spec]));
  const kept = new Set(after.registers.map((spec) => spec.quantity));
  const pairs = after.registers.flatMap((spec) => {
    const was = old.get(spec.quantity);
    return was === undefined ? [] : [{ quantity: spec.quantity, fields: fieldChanges(was, spec) }];
  });
  const changed = pairs.filter(({ fields }) => fields.length > 0);
  return {
    head: fieldChanges({ ...before, registers: null }, { ...after, registers: null }),
    added: after.registers.filter((spec) => !old.has(spec.quantity)),
    changed,
    removed: before.registers.filter((spec) => !kept.has(spec.quantity)),
    unchanged: pairs.length - changed.length,
  };
}

export function isSame({ head, added, changed, removed }: ModelDifference): boolean {
  return head.length + added.length + changed.length + removed.length === 0;
}

/** `12 new, 3 changed, 1 removed, 40 unchanged`. */
export function summarise({ added, changed, removed, unchanged }: ModelDifference): string {
  const counts: [number, string][] = [
    [added.length, 'new'],
    [changed.length, 'changed'],
    [removed.length, 'removed'],
    [unchanged, 'unchanged'],
  ];
  return counts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ');
}

function fieldChanges(before: object, after: object): FieldChange[] {
  return Object.entries(after).flatMap(([field, to]) => {
    const from: unknown = (before as Record<string, unknown>)[field];
    return from === to ? [] : [{ field: snakeCase(field), from: say(from), to: say(to) }];
  });
}

function say(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '' : String(value as string | number);
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
