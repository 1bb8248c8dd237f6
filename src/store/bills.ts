import type { Reach } from '../domain/permission.ts';
import type { Letterhead } from '../domain/written-bill.ts';
import type { Bill, BillLine, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { billsWithin } from './reach.ts';
import { sqlTime } from './sql-time.ts';

const WITH_RUN = {
  run: { select: { fromDay: true, toDay: true } },
  building: { select: { name: true, zone: true, language: true, address: true } },
  corrects: { select: { number: true } },
} as const;
const WITH_LINES = { ...WITH_RUN, lines: { orderBy: { position: 'asc' } } } as const;

export type BillRow = Bill & {
  run: { fromDay: Date; toDay: Date };
  building: { name: string; zone: string; language: string; address: string };
  corrects: { number: number | null } | null;
};
export type WholeBill = BillRow & { lines: BillLine[] };

/** A rate's sum and VAT as they are stored: micro-units as text, and what earlier bills asked for. */
export interface StoredVatGroup {
  vatBasisPoints: number;
  net: string;
  vat: string;
  billedNet: string;
  billedVat: string;
}

export interface StoredCounter {
  serial: string;
  from: { at: string; wh: number } | null;
  to: { at: string; wh: number } | null;
}

export function storedVat({ vatGroups }: Pick<Bill, 'vatGroups'>): StoredVatGroup[] {
  return vatGroups as unknown as StoredVatGroup[];
}

export function storedCounters({ meters }: Pick<Bill, 'meters'>): StoredCounter[] {
  return meters as unknown as StoredCounter[];
}

/** Null where it is not issued. */
export function storedLetterhead({ letterhead }: Pick<Bill, 'letterhead'>): Letterhead | null {
  return letterhead as unknown as Letterhead | null;
}

export interface BillFilter {
  buildingId?: number | undefined;
  runId?: number | undefined;
  flatId?: number | undefined;
  state?: 'open' | 'issued' | undefined;
}

export async function listBills(db: Db, reach: Reach, filter: BillFilter, page: PageRequest): Promise<Page<BillRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.bill.findMany({ where: { AND: [billsWithin(reach), filter, where] }, include: WITH_RUN, ...rest }), page);
}

export function findBill(db: Db, reach: Reach, id: number): Promise<WholeBill | null> {
  return db.bill.findFirst({ where: { AND: [billsWithin(reach), { id }] }, include: WITH_LINES });
}

export function billsByIds(db: Db, ids: readonly number[]): Promise<BillRow[]> {
  return db.bill.findMany({ where: { id: { in: [...ids] } }, include: WITH_RUN, orderBy: { id: 'asc' } });
}

/** In the order of their flats. */
export function wholeBillsOfRun(db: Db, reach: Reach, runId: number): Promise<WholeBill[]> {
  return db.bill.findMany({ where: { AND: [billsWithin(reach), { runId }] }, include: WITH_LINES, orderBy: { id: 'asc' } });
}

/** What was issued for these days, oldest first: a later bill of the same party asks only for the difference. */
export function issuedFor(db: Db, { buildingId, fromDay, toDay }: { buildingId: number; fromDay: Date; toDay: Date }): Promise<Bill[]> {
  return db.bill.findMany({ where: { buildingId, state: 'issued', run: { fromDay, toDay } }, orderBy: { number: 'asc' } });
}

export type NewBill = Omit<Prisma.BillCreateManyInput, 'id'>;
export type NewLine = Omit<Prisma.BillLineCreateManyInput, 'billId' | 'id'>;

const BILLS_AT_ONCE = 100;

/** Nobody sees them before their run is done. */
export async function insertBills(
  db: Db,
  runId: number,
  bills: readonly { bill: NewBill; lines: readonly NewLine[]; packed: Uint8Array<ArrayBuffer> }[],
): Promise<void> {
  for (let at = 0; at < bills.length; at += BILLS_AT_ONCE) {
    const some = bills.slice(at, at + BILLS_AT_ONCE);
    await db.bill.createMany({ data: some.map(({ bill }) => bill) });
    const made = await db.bill.findMany({ where: { runId }, select: { id: true }, orderBy: { id: 'desc' }, take: some.length });
    const ids = made.map(({ id }) => id).toReversed();
    await db.billLine.createMany({
      data: some.flatMap(({ lines }, index) => lines.map((line) => ({ ...line, billId: ids[index] ?? 0 }))),
    });
    await db.billSlots.createMany({ data: some.map(({ packed }, index) => ({ billId: ids[index] ?? 0, packed })) });
  }
}

export async function deleteBillsOfRun(db: Db, runId: number): Promise<void> {
  await db.bill.deleteMany({ where: { runId, state: 'open' } });
}

export async function packedSlots(db: Db, billId: number): Promise<Uint8Array | null> {
  return (await db.billSlots.findUnique({ where: { billId } }))?.packed ?? null;
}

export async function lastNumber(db: Db, buildingId: number): Promise<number> {
  return (await db.bill.aggregate({ where: { buildingId }, _max: { number: true } }))._max.number ?? 0;
}

export function openBillsOfRun(db: Db, runId: number): Promise<Pick<Bill, 'id' | 'flatName' | 'missingSlots'>[]> {
  return db.bill.findMany({
    where: { runId, state: 'open' },
    select: { id: true, flatName: true, missingSlots: true },
    orderBy: { id: 'asc' },
  });
}

/** Numbered on from `lastNumber` in the order of the run: the caller holds the building. */
export async function issueOpenBills(
  db: Db,
  runId: number,
  { last, issuedMs, letterhead }: { last: number; issuedMs: number; letterhead: Letterhead },
): Promise<void> {
  await db.$executeRaw`UPDATE bills JOIN (
      SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM bills WHERE run_id = ${runId} AND state = 'open'
    ) AS open_bills USING (id)
    SET number = ${last} + place, state = 'issued', issued_at = ${sqlTime(issuedMs)}, letterhead = ${JSON.stringify(letterhead)}`;
}
