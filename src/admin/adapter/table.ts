import type { Row } from '../row.ts';

/** What all models of Prisma's client have in common. */
export interface Table {
  findMany(query: object): Promise<Row[]>;
  findFirst(query: object): Promise<Row | null>;
  count(query: object): Promise<number>;
  create(query: object): Promise<Row>;
  update(query: object): Promise<Row>;
  delete(query: object): Promise<Row>;
}

export function tableOf(db: object, model: string): Table {
  return (db as Record<string, Table>)[model.charAt(0).toLowerCase() + model.slice(1)] as Table;
}
