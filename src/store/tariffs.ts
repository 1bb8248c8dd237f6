import { parseMicro, type Micro } from '../domain/money.ts';
import type { Reach } from '../domain/permission.ts';
import type { Tariff } from '../domain/tariff.ts';
import { parseClock } from '../domain/time-of-use.ts';
import type { Prisma, Tariff as TariffColumns } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { tariffsWithin } from './reach.ts';
import { dayOf } from './sql-time.ts';

export type TariffRow = TariffColumns;

/** As people write it and as it is stored: clock times and decimal prices. */
export interface StoredBand {
  name: string;
  weekdays: number[];
  from: string;
  to: string;
  price: string;
}

export interface StoredOwnPrice {
  producerId: number;
  price: string;
}

export async function listTariffs(
  db: Db,
  reach: Reach,
  filter: { buildingId?: number | undefined },
  page: PageRequest,
): Promise<Page<TariffRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.tariff.findMany({ where: { AND: [tariffsWithin(reach), filter, where] }, ...rest }), page);
}

export function findTariff(db: Db, reach: Reach, id: number): Promise<TariffRow | null> {
  return db.tariff.findFirst({ where: { AND: [tariffsWithin(reach), { id }] } });
}

export function findTariffFrom(db: Db, buildingId: number, validFrom: Date): Promise<TariffRow | null> {
  return db.tariff.findUnique({ where: { buildingId_validFrom: { buildingId, validFrom } } });
}

export async function tariffsOfBuilding(db: Db, buildingId: number): Promise<Tariff[]> {
  return (await db.tariff.findMany({ where: { buildingId }, orderBy: { validFrom: 'asc' } })).map(toTariff);
}

export function insertTariff(db: Db, data: Prisma.TariffUncheckedCreateInput): Promise<TariffRow> {
  return db.tariff.create({ data });
}

export function updateTariff(db: Db, id: number, data: Prisma.TariffUncheckedUpdateInput): Promise<TariffRow> {
  return db.tariff.update({ where: { id }, data });
}

export function issuedWithTariff(db: Db, { id, buildingId }: { id: number; buildingId: number }): Promise<number> {
  return db.bill.count({ where: { buildingId, state: 'issued', lines: { some: { tariffId: id } } } });
}

export async function deleteTariff(db: Db, id: number): Promise<void> {
  await db.tariff.delete({ where: { id } });
}

export function storedBands({ bands }: Pick<TariffRow, 'bands'>): StoredBand[] {
  return bands as unknown as StoredBand[];
}

export function storedOwnPrices({ ownPrices }: Pick<TariffRow, 'ownPrices'>): StoredOwnPrice[] {
  return ownPrices as unknown as StoredOwnPrice[];
}

/** Was checked before it was stored. */
function priceOf(text: string): Micro {
  return parseMicro(text) ?? 0n;
}

function toTariff(row: TariffRow): Tariff {
  return {
    id: row.id,
    name: row.name,
    validFrom: dayOf(row.validFrom),
    currency: row.currency,
    basePrice: row.basePriceMicro,
    basePer: row.basePer,
    energyPrice: row.energyPriceMicro,
    bandsOf: row.bandsOf,
    bands: storedBands(row).map(({ name, weekdays, from, to, price }) => ({
      name,
      weekdays,
      fromMinute: parseClock(from) ?? 0,
      toMinute: parseClock(to) ?? 0,
      price: priceOf(price),
    })),
    ownPrice: row.ownPriceMicro,
    ownPrices: storedOwnPrices(row).map(({ producerId, price }) => ({ producerId, price: priceOf(price) })),
    vatBasisPoints: row.vatBasisPoints,
  };
}
