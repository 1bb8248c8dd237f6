/** What the generator in scripts/dump-data-model.mjs writes to src/generated/data-model.json, as far as a database shows it. */
export interface DataModel {
  models: readonly Model[];
  enums: readonly { name: string; values: readonly { name: string; dbName?: string | null }[] }[];
  indexes: readonly { model: string; type: string; fields: readonly { name: string }[] }[];
}

interface Model {
  name: string;
  dbName: string | null;
  fields: readonly Field[];
}

interface Field {
  name: string;
  dbName?: string | null;
  kind: string;
  type: string;
  isRequired: boolean;
  isUpdatedAt?: boolean;
  hasDefaultValue: boolean;
  default?: string | number | boolean | { name: string };
  nativeType?: readonly unknown[] | null;
  relationName?: string;
  relationFromFields?: readonly string[];
  relationToFields?: readonly string[];
  relationOnDelete?: string;
}

const NATIVE_TYPES: Record<string, string> = {
  Binary: 'binary',
  UnsignedInt: 'int unsigned',
  UnsignedSmallInt: 'smallint unsigned',
  UnsignedTinyInt: 'tinyint unsigned',
  Float: 'float',
  Double: 'double',
  VarChar: 'varchar',
  Char: 'char',
  DateTime: 'datetime',
  Date: 'date',
  MediumText: 'mediumtext',
  MediumBlob: 'mediumblob',
};
const DEFAULT_TYPES: Record<string, string> = { BigInt: 'bigint', Boolean: 'tinyint(1)', Int: 'int', Json: 'json' };
const INDEX_SUFFIX: Record<string, string> = { unique: 'key', normal: 'idx' };

/** One sentence for everything a database must have to be what the Prisma schema says. */
export function declaredSchema(model: DataModel): string[] {
  return [...model.models.flatMap((table) => tableFacts(model, table)), ...model.indexes.map((index) => indexFact(model, index))];
}

function tableFacts(model: DataModel, table: Model): string[] {
  const name = tableName(table);
  return [
    `table ${name}: utf8mb4_unicode_ci`,
    ...table.fields.flatMap((field) => {
      if (field.kind !== 'object') return [`column ${name}.${columnName(field)}: ${columnType(model, field)}`];
      return field.relationFromFields?.length ? [foreignKeyFact(model, table, field)] : [];
    }),
  ];
}

function columnType(model: DataModel, field: Field): string {
  const nullability = field.isRequired ? 'not null' : 'null';
  // SQL adds the movement of `updated_at` on writes that Prisma does not make.
  const onUpdate = field.isUpdatedAt ? ' on update current_timestamp(3)' : '';
  return `${sqlType(model, field)} ${nullability}${defaultValue(model, field)}${onUpdate}`;
}

function sqlType(model: DataModel, field: Field): string {
  if (field.kind === 'enum')
    return `enum(${enumValues(model, field.type)
      .map(({ stored }) => `'${stored}'`)
      .join()})`;
  const [native, sizes] = (field.nativeType ?? []) as [string?, string[]?];
  const type = native === undefined ? DEFAULT_TYPES[field.type] : NATIVE_TYPES[native];
  if (type === undefined) throw new Error(`No SQL type is known for ${field.name} (${native ?? field.type}): add it to declared-schema.ts`);
  const size = sizes?.filter((part) => part !== '0') ?? [];
  return size.length ? `${type}(${size.join()})` : type;
}

function enumValues(model: DataModel, name: string): { name: string; stored: string }[] {
  const values = model.enums.find((candidate) => candidate.name === name)?.values ?? [];
  return values.map((value) => ({ name: value.name, stored: value.dbName ?? value.name }));
}

function defaultValue(model: DataModel, field: Field): string {
  if (!field.hasDefaultValue) return '';
  const value = field.default;
  if (typeof value === 'object') {
    return value.name === 'autoincrement' ? ' auto_increment' : ' default current_timestamp(3)';
  }
  if (field.kind === 'enum') return ` default ${enumValues(model, field.type).find(({ name }) => name === value)?.stored}`;
  return ` default ${typeof value === 'boolean' ? Number(value) : String(value)}`;
}

function foreignKeyFact(model: DataModel, table: Model, field: Field): string {
  const target = modelOf(model, field.type);
  const from = columns(table, field.relationFromFields ?? []);
  const to = columns(target, field.relationToFields ?? []);
  const name = `${tableName(table)}_${from.join('_')}_fkey`;
  const onDelete = (field.relationOnDelete ?? 'Restrict').replace('SetNull', 'set null').toLowerCase();
  return `foreign key ${name}: ${from.join(', ')} to ${tableName(target)} (${to.join(', ')}) on delete ${onDelete} on update cascade`;
}

function indexFact(model: DataModel, index: DataModel['indexes'][number]): string {
  const table = modelOf(model, index.model);
  const names = columns(
    table,
    index.fields.map((field) => field.name),
  );
  if (index.type === 'id') return `index ${tableName(table)}.PRIMARY: unique (${names.join(', ')})`;
  const name = `${tableName(table)}_${names.join('_')}_${INDEX_SUFFIX[index.type]}`;
  return `index ${tableName(table)}.${name}: ${index.type === 'unique' ? 'unique ' : ''}(${names.join(', ')})`;
}

function modelOf(model: DataModel, name: string): Model {
  const found = model.models.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`The data model has no ${name}`);
  return found;
}

function columns(table: Model, fields: readonly string[]): string[] {
  return fields.map((name) => columnName(table.fields.find((field) => field.name === name) ?? { name }));
}

const tableName = (table: Model) => table.dbName ?? table.name;
const columnName = (field: { name: string; dbName?: string | null }) => field.dbName ?? field.name;
