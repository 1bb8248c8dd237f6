import type { AliasKind, MeterAlias } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

export type { AliasKind, MeterAlias };

export function findAlias(db: Db, kind: AliasKind, value: string): Promise<(MeterAlias & { meter: { serial: string } }) | null> {
  return db.meterAlias.findUnique({ where: { kind_value: { kind, value } }, include: { meter: { select: { serial: true } } } });
}

export function findAliasById(db: Db, id: number): Promise<MeterAlias | null> {
  return db.meterAlias.findUnique({ where: { id } });
}

export function insertAlias(db: Db, data: { meterId: number; kind: AliasKind; value: string }): Promise<MeterAlias> {
  return db.meterAlias.create({ data });
}

export async function deleteAlias(db: Db, id: number): Promise<void> {
  await db.meterAlias.delete({ where: { id } });
}
