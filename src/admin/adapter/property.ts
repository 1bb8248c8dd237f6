import { BaseProperty, type PropertyType } from 'adminjs';
import type { FieldSpec } from '../resource-spec.ts';
import type { Column } from './data-model.ts';

const TYPES: Record<Column['type'], PropertyType> = {
  Int: 'number',
  BigInt: 'number',
  Float: 'number',
  String: 'string',
  Boolean: 'boolean',
  DateTime: 'datetime',
  Json: 'textarea',
};

export interface PropertySpec {
  name: string;
  position: number;
  column: Column | null;
  field: FieldSpec;
  reference: string | null;
  isTitle: boolean;
  isFilterable: boolean;
  isSortable: boolean;
  search: ((text: string) => object) | null;
}

/** A declared field of a resource, told to AdminJS. */
export class OfficeProperty extends BaseProperty {
  readonly spec: PropertySpec;

  constructor(spec: PropertySpec) {
    const { column, field, reference } = spec;
    super({
      path: spec.name,
      type: field.type ?? (reference ? 'reference' : column ? TYPES[column.type] : 'string'),
      isId: column?.isId ?? false,
      isSortable: spec.isSortable,
      position: spec.position,
    });
    this.spec = spec;
  }

  override isEditable(): boolean {
    return !this.isId();
  }

  override isTitle(): boolean {
    return this.spec.isTitle;
  }

  override isVisible(): boolean {
    return true;
  }

  override isRequired(): boolean {
    const { column, field } = this.spec;
    return field.required ?? (column !== null && column.isRequired && !column.hasDefault && column.type !== 'Boolean');
  }

  override reference(): string | null {
    return this.spec.reference;
  }

  override availableValues(): string[] | null {
    return this.spec.column?.values ?? null;
  }
}
