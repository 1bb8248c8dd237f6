import { BaseResource, type ActionContext, type BaseRecord, type Filter, type ParamsType } from 'adminjs';
import { canSomewhere, reach, type Actor, type Permission } from '../../domain/permission.ts';
import { Forbidden, InvalidInput, NotFound } from '../../errors.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { recordActivity } from '../../store/activities.ts';
import { transact } from '../../store/prisma-transaction.ts';
import { actorOf } from '../actor.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Input, Row } from '../row.ts';
import type { Column, DataModel } from './data-model.ts';
import { declareProperties } from './declare-properties.ts';
import type { OfficeProperty } from './property.ts';
import { parsePayload } from './parse-payload.ts';
import { tableOf } from './table.ts';
import { toParams } from './to-params.ts';
import { whereOf } from './where.ts';
import { atEach, toFormError } from './write-errors.ts';

type Id = string | number;

interface ListOptions {
  limit?: number;
  offset?: number;
  sort?: { sortBy?: string; direction?: 'asc' | 'desc' };
}

const MOST_ROWS = 500;
// Prisma's Int has 32 bits with a sign.
const HIGHEST_ID = 2 ** 31 - 1;
const FARTHEST_ROW = 1_000_000_000;

/** A table for AdminJS, through the eyes of the actor of the request: rows out of reach do not exist. */
export class OfficeResource extends BaseResource {
  readonly spec: ResourceSpec;
  readonly #prisma: PrismaClient;
  readonly #columns: Map<string, Column>;
  readonly #table: string;
  readonly #properties: Map<string, OfficeProperty>;
  readonly #idColumn: Column;
  readonly #select: Row;

  constructor(spec: ResourceSpec, deps: { prisma: PrismaClient; dataModel: DataModel; resourceOf: (model: string) => string | null }) {
    super(spec);
    this.spec = spec;
    this.#prisma = deps.prisma;
    this.#columns = deps.dataModel.columns(spec.model);
    this.#table = deps.dataModel.table(spec.model);
    const id = [...this.#columns.values()].find((column) => column.isId);
    if (!id) throw new Error(`${spec.model} has no single id.`);
    this.#idColumn = id;
    this.#properties = new Map(declareProperties(spec, this.#columns, deps.resourceOf).map((property) => [property.name(), property]));
    const named = [...this.#properties.values()].filter((property) => property.spec.column);
    this.#select = Object.fromEntries(named.map((property) => [property.name(), true]));
  }

  override databaseName(): string {
    return 'wattbook';
  }

  override databaseType(): string {
    return 'MySQL';
  }

  override id(): string {
    return this.spec.id;
  }

  override properties(): OfficeProperty[] {
    return [...this.#properties.values()];
  }

  override property(path: string): OfficeProperty | null {
    return this.#properties.get(path) ?? null;
  }

  get columns(): ReadonlyMap<string, Column> {
    return this.#columns;
  }

  override async count(filter: Filter, context?: ActionContext): Promise<number> {
    const most = this.spec.countUpTo === undefined ? {} : { take: this.spec.countUpTo };
    return tableOf(this.#prisma, this.spec.model).count({ where: this.#visible(context, whereOf(filter)), ...most });
  }

  override async find(filter: Filter, options: ListOptions, context?: ActionContext): Promise<BaseRecord[]> {
    const rows = await tableOf(this.#prisma, this.spec.model).findMany({
      select: this.#selection(actorOf(context?.currentAdmin)),
      where: this.#visible(context, whereOf(filter)),
      orderBy: this.#order(options.sort),
      skip: Math.min(FARTHEST_ROW, Math.max(0, Math.trunc(Number(options.offset)) || 0)),
      take: Math.min(MOST_ROWS, Math.max(1, Math.trunc(Number(options.limit)) || 10)),
    });
    return this.#records(rows);
  }

  override async findOne(id: string, context?: ActionContext): Promise<BaseRecord | null> {
    const [record] = await this.findMany([id], context);
    return record ?? null;
  }

  override async findMany(ids: Id[], context?: ActionContext): Promise<BaseRecord[]> {
    const known = ids.flatMap((id) => this.#parseId(id) ?? []);
    const where = this.#visible(context, { [this.#idColumn.name]: { in: known } });
    const select = this.#selection(actorOf(context?.currentAdmin));
    return this.#records(await tableOf(this.#prisma, this.spec.model).findMany({ select, where }));
  }

  override async create(params: Input, context?: ActionContext): Promise<ParamsType> {
    const { spec } = this;
    const actor = actorOf(context?.currentAdmin);
    const change = this.#mayChange(actor);
    const input = this.#parse(spec.create ?? [], params, 'create');
    return this.#write(spec.create ?? [], async () => {
      spec.refuseWrite?.('create', (input[this.#idColumn.name] as Id | undefined) ?? null);
      if (spec.onCreate) return this.#read(await spec.onCreate(actor, input), context);
      return transact(this.#prisma, async (tx) => {
        const row = await tableOf(tx, spec.model).create({ data: input, select: this.#selection(actor) });
        const id = row[this.#idColumn.name] as Id;
        await this.#mustReach(tx, actor, change, id);
        await recordActivity(tx, actor, { action: `create-${this.#noun()}`, subject: this.#subject(id), detail: this.#describe(input) });
        return toParams(row, this.properties(), spec.computed);
      });
    });
  }

  override async update(id: string, params: Input, context?: ActionContext): Promise<ParamsType> {
    const { spec } = this;
    const actor = actorOf(context?.currentAdmin);
    const change = this.#mayChange(actor);
    const input = this.#parse(spec.edit ?? [], params, 'edit');
    const key = this.#parseId(id) ?? this.#gone();
    return this.#write(spec.edit ?? [], async () => {
      spec.refuseWrite?.('edit', key);
      if (spec.onEdit) {
        await spec.onEdit(actor, key, input);
        return this.#read(key, context);
      }
      return transact(this.#prisma, async (tx) => {
        await this.#mustReach(tx, actor, change, key);
        const row = await tableOf(tx, spec.model).update({
          where: { [this.#idColumn.name]: key },
          data: input,
          select: this.#selection(actor),
        });
        await this.#mustReach(tx, actor, change, key);
        await recordActivity(tx, actor, { action: `change-${this.#noun()}`, subject: this.#subject(key), detail: this.#describe(input) });
        return toParams(row, this.properties(), spec.computed);
      });
    });
  }

  override async delete(id: string, context?: ActionContext): Promise<void> {
    const { spec } = this;
    const actor = actorOf(context?.currentAdmin);
    const change = this.#mayChange(actor);
    const key = this.#parseId(id) ?? this.#gone();
    if (!spec.remove) throw new Forbidden(`${spec.label} are not removed here.`);
    await this.#write([], async () => {
      spec.refuseWrite?.('remove', key);
      if (spec.onRemove) return spec.onRemove(actor, key);
      return transact(this.#prisma, async (tx) => {
        await this.#mustReach(tx, actor, change, key);
        // Before it is gone: where it is belongs to the note.
        await recordActivity(tx, actor, { action: `remove-${this.#noun()}`, subject: this.#subject(key) });
        await tableOf(tx, spec.model).delete({ where: { [this.#idColumn.name]: key }, select: { [this.#idColumn.name]: true } });
      });
    });
  }

  /** The declared columns, and what the computed ones need. */
  #selection(actor: Actor): Row {
    const within = reach(actor, this.spec.read);
    return Object.assign({ ...this.#select }, ...Object.values(this.spec.computed ?? {}).map((computed) => computed.select(within)));
  }

  #visible(context: ActionContext | undefined, where: object): object {
    return { AND: [where, this.spec.within(reach(actorOf(context?.currentAdmin), this.spec.read))] };
  }

  #order(sort: ListOptions['sort']): object {
    const by = sort?.sortBy ?? this.#idColumn.name;
    const property = this.#properties.get(by);
    // AdminJS searches by title, which may be put together; then the id orders.
    if (by !== this.spec.title && !property?.isSortable()) throw new InvalidInput({ sortBy: `${by} is no field that can be sorted by` });
    return { [property?.isSortable() ? by : this.#idColumn.name]: sort?.direction === 'desc' ? 'desc' : 'asc' };
  }

  async #records(rows: readonly Row[]): Promise<BaseRecord[]> {
    const idOf = (row: Row) => Number(row[this.#idColumn.name]);
    const told = await this.spec.beside?.(rows.map(idOf));
    return rows.map((row) => this.build(toParams({ ...row, told: told?.get(idOf(row)) }, this.properties(), this.spec.computed)));
  }

  async #read(id: Id, context: ActionContext | undefined): Promise<ParamsType> {
    return (await this.findOne(String(id), context))?.params ?? {};
  }

  #parse(names: readonly string[], params: Input, mode: 'create' | 'edit'): Input {
    const properties = names.flatMap((name) => this.#properties.get(name) ?? []);
    const parsed = parsePayload(properties, params, mode);
    if (parsed.ok) return parsed.input;
    throw atEach(Object.entries(parsed.errors));
  }

  async #write<T>(fields: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (err) {
      throw toFormError(err, { table: this.#table, columns: this.#columns, fields });
    }
  }

  #mayChange(actor: Actor): Permission {
    const { change } = this.spec;
    if (change === null || !canSomewhere(actor, change)) throw new Forbidden();
    return change;
  }

  async #mustReach(tx: object, actor: Actor, change: Permission, id: Id): Promise<void> {
    const where = { AND: [{ [this.#idColumn.name]: id }, (this.spec.withinChange ?? this.spec.within)(reach(actor, change))] };
    if ((await tableOf(tx, this.spec.model).count({ where })) === 0) throw new NotFound(`This ${this.spec.one.toLowerCase()}`);
  }

  #parseId(id: Id): Id | null {
    if (this.#idColumn.type === 'String') return String(id);
    const number = Number(id);
    return Number.isInteger(number) && number > 0 && number <= HIGHEST_ID ? number : null;
  }

  #gone(): never {
    throw new NotFound(`This ${this.spec.one.toLowerCase()}`);
  }

  #noun(): string {
    return this.spec.one.toLowerCase().replaceAll(' ', '-');
  }

  #subject(id: Id): string {
    return `${this.#noun()}-${id}`;
  }

  #describe(input: Input): string {
    return Object.entries(input)
      .map(([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : String(value)}`)
      .join(', ');
  }
}
