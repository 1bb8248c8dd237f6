import { readFileSync } from 'node:fs';

/** A column of a table as the schema declares it: with what Prisma's runtime model leaves out. */
export interface Column {
  name: string;
  /** Its name in SQL, which the database's errors use. */
  dbName: string;
  type: 'Int' | 'BigInt' | 'Float' | 'String' | 'Boolean' | 'DateTime' | 'Json';
  isId: boolean;
  isRequired: boolean;
  hasDefault: boolean;
  /** Its text when nothing else is given. */
  defaultText: string | null;
  /** The allowed values of an enumeration. */
  values: string[] | null;
  /** The model whose id stands here. */
  refersTo: string | null;
  /** The longest text. */
  maxLength: number | null;
  /** The range of whole numbers. */
  max: number | null;
  unsigned: boolean;
}

interface RawField {
  name: string;
  dbName?: string;
  kind: 'scalar' | 'enum' | 'object';
  type: string;
  isId: boolean;
  isRequired: boolean;
  hasDefaultValue: boolean;
  default?: unknown;
  nativeType?: [string, string[]] | null;
  relationFromFields?: string[];
}

interface RawModel {
  name: string;
  dbName: string | null;
  fields: RawField[];
}

interface RawDataModel {
  models: RawModel[];
  enums: { name: string; values: { name: string }[] }[];
}

export interface DataModel {
  columns(model: string): Map<string, Column>;
  table(model: string): string;
}

const LARGEST: Record<string, number> = { UnsignedTinyInt: 255, UnsignedSmallInt: 65_535, UnsignedInt: 4_294_967_295 };

// Beside the code in dist/, where the build puts it.
const FILE = new URL('../../generated/data-model.json', import.meta.url);

export function loadDataModel(): DataModel {
  const raw = JSON.parse(readFileSync(FILE, 'utf8')) as RawDataModel;
  const models = new Map(raw.models.map((model) => [model.name, model]));
  const enums = new Map(raw.enums.map((entry) => [entry.name, entry.values.map((value) => value.name)]));
  const find = (name: string): RawModel => {
    const model = models.get(name);
    if (!model) throw new Error(`The data model has no ${name}.`);
    return model;
  };
  return {
    columns(name) {
      const { fields } = find(name);
      const relations = fields.filter((field) => field.kind === 'object' && field.relationFromFields?.length);
      const refersTo = new Map(relations.map((field) => [field.relationFromFields?.[0] ?? '', field.type]));
      return new Map(
        fields
          .filter((field) => field.kind !== 'object')
          .map((field) => [field.name, toColumn(field, enums.get(field.type) ?? null, refersTo.get(field.name) ?? null)]),
      );
    },
    table: (name) => find(name).dbName ?? name,
  };
}

function toColumn(field: RawField, values: string[] | null, refersTo: string | null): Column {
  const [native, [size]] = field.nativeType ?? ['', []];
  return {
    name: field.name,
    dbName: field.dbName ?? field.name,
    type: values ? 'String' : (field.type as Column['type']),
    isId: field.isId,
    isRequired: field.isRequired,
    hasDefault: field.hasDefaultValue,
    defaultText: typeof field.default === 'string' ? field.default : null,
    values,
    refersTo,
    maxLength: size !== undefined && ['VarChar', 'Char'].includes(native) ? Number(size) : null,
    max: LARGEST[native] ?? null,
    unsigned: native.startsWith('Unsigned'),
  };
}
