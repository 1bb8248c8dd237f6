import { setImmediate } from 'node:timers/promises';
import { billWords } from '../domain/bill-words.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { localDay } from '../domain/time-bucket.ts';
import type { DayOfBill, Letterhead, WrittenBill } from '../domain/written-bill.ts';
import { Conflict } from '../errors.ts';
import type { BillLine } from '../generated/prisma/client.ts';
import { writeBillPdf } from '../sheets/write-bill-pdf.ts';
import { writeBillWorkbook, writeRunWorkbook } from '../sheets/write-bill-workbook.ts';
import type { Sink } from '../sheets/write-table.ts';
import { ZipStream } from '../sheets/zip-stream.ts';
import { findBillRun } from '../store/bill-runs.ts';
import { readBillingSettings } from '../store/billing-settings.ts';
import { findBill, packedSlots, storedCounters, storedLetterhead, storedVat, wholeBillsOfRun, type WholeBill } from '../store/bills.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { dayOf } from '../store/sql-time.ts';
import { seen, type Deps } from './access.ts';
import { unpackSlots, type BillSlot } from './show-bill-slots.ts';

export interface WrittenFile {
  name: string;
  content: Buffer;
}

type BillingBuilding = { id: number; name: string; address: string; zone: string; language: string };

/** What is kept of a building when its bills are issued. */
export async function letterheadOf(db: Db, building: BillingBuilding): Promise<Letterhead> {
  const { name, address, zone, language } = building;
  const { sender, remark } = await readBillingSettings(db, building.id);
  return { building: name, address, zone, language, sender, remark };
}

function headOf(row: WholeBill, current: Letterhead): Letterhead {
  return storedLetterhead(row) ?? current;
}

const msOf = (counter: { at: string; wh: number } | null) => counter && { atMs: Date.parse(counter.at), wh: counter.wh };

function writtenLine(row: BillLine): WrittenBill['lines'][number] {
  const { kind, label, tariffName, unit, vatBasisPoints } = row;
  return {
    ...{ kind, label, tariffName, unit, vatBasisPoints },
    from: dayOf(row.fromDay),
    to: dayOf(row.toDay),
    quantity: row.quantityMicro,
    wh: Number(row.wh),
    estimatedWh: Number(row.estimatedWh),
    price: row.priceMicro,
    amount: row.amountMicro,
  };
}

function daysOf(slots: readonly BillSlot[], zone: string): DayOfBill[] {
  const days = new Map<string, DayOfBill>();
  for (const { slotMs, consumptionWh, gridWh } of slots) {
    const day = localDay(slotMs, zone);
    const sum = days.get(day) ?? { day, gridWh: 0, ownWh: 0 };
    sum.gridWh += gridWh;
    sum.ownWh += consumptionWh - gridWh;
    days.set(day, sum);
  }
  return [...days.values()];
}

function writtenBill(row: WholeBill, letterhead: Letterhead, slots: readonly BillSlot[]): WrittenBill {
  return {
    letterhead,
    number: row.number,
    issuedMs: row.issuedAt?.getTime() ?? null,
    corrects: row.corrects?.number ?? null,
    party: row.party,
    address: row.address,
    flat: row.flatName,
    currency: row.currency,
    fromMs: row.fromAt.getTime(),
    toMs: row.toAt.getTime(),
    lines: row.lines.map(writtenLine),
    vat: storedVat(row).map(({ vatBasisPoints, net, vat, billedNet, billedVat }) => ({
      ...{ vatBasisPoints, net: BigInt(net), vat: BigInt(vat), billedNet: BigInt(billedNet), billedVat: BigInt(billedVat) },
    })),
    total: row.totalMicro,
    consumptionWh: Number(row.consumptionWh),
    ownWh: Number(row.ownWh),
    estimatedWh: Number(row.estimatedWh),
    missingSlots: row.missingSlots,
    missingProduction: row.missingProduction,
    meters: storedCounters(row).map(({ serial, from, to }) => ({ serial, from: msOf(from), to: msOf(to) })),
    days: daysOf(slots, letterhead.zone),
  };
}

/** A name that every file system takes. */
function fileName(parts: readonly (string | number)[], ending: string): string {
  const plain = parts
    .map((part) =>
      String(part)
        .normalize('NFKD')
        .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
        .replaceAll(/^-|-$/g, ''),
    )
    .filter((part) => part !== '');
  return `${plain.join('-').toLowerCase()}.${ending}`;
}

function nameOf({ number, flat, fromMs, letterhead }: WrittenBill, ending: string): string {
  const { fileName: word, draft } = billWords(letterhead.language);
  return fileName([word, number ?? draft.split(',')[0] ?? '', flat, localDay(fromMs, letterhead.zone)], ending);
}

/** One bill as it is handed out. */
export async function writeBillFile(deps: Deps, actor: Actor, input: { id: number; format: 'pdf' | 'xlsx' }): Promise<WrittenFile> {
  const { prisma } = deps.database;
  const row = seen(await findBill(prisma, reach(actor, 'bill:read'), input.id), 'This bill');
  const letterhead = headOf(row, await letterheadOf(prisma, { id: row.buildingId, ...row.building }));
  const bill = writtenBill(row, letterhead, unpackSlots(await packedSlots(prisma, row.id)));
  const { fileName: word, draft } = billWords(letterhead.language);
  const name = fileName(
    [word, row.number ?? draft.split(',')[0] ?? '', row.flatName, localDay(bill.fromMs, letterhead.zone)],
    input.format,
  );
  return { name, content: await (input.format === 'pdf' ? writeBillPdf(bill) : writeBillWorkbook(bill)) };
}

export interface RunFile {
  name: string;
  write(sink: Sink, signal?: AbortSignal): Promise<void>;
}

/** All bills of a run: in one spreadsheet, or each as a document in an archive that is written one by one. */
export async function openRunFile(deps: Deps, actor: Actor, input: { id: number; format: 'xlsx' | 'zip' }): Promise<RunFile> {
  const { prisma } = deps.database;
  const run = seen(await findBillRun(prisma, reach(actor, 'bill:run'), input.id), 'This bill run');
  if (run.state !== 'done') throw new Conflict(`The bills of this run are ${run.state}: there is a file once it is done.`);
  const rows = await wholeBillsOfRun(prisma, reach(actor, 'bill:read'), run.id);
  const building = await prisma.building.findUniqueOrThrow({ where: { id: run.buildingId } });
  const current = await letterheadOf(prisma, building);
  const { sheets } = billWords(building.language);
  const name = fileName([sheets.bills, building.name, dayOf(run.fromDay)], input.format);
  const written = async (row: WholeBill) => writtenBill(row, headOf(row, current), unpackSlots(await packedSlots(prisma, row.id)));
  if (input.format === 'xlsx') {
    const bills = rows.map((row) => writtenBill(row, headOf(row, current), []));
    return { name, write: async (sink) => sink(await writeRunWorkbook(bills, building.language)) };
  }
  return {
    name,
    async write(sink, signal) {
      const archive = new ZipStream(sink);
      for (const row of rows) {
        signal?.throwIfAborted();
        const bill = await written(row);
        await archive.add(nameOf(bill, 'pdf'), async (into) => into(await writeBillPdf(bill)));
        await setImmediate();
      }
      await archive.end();
    },
  };
}
