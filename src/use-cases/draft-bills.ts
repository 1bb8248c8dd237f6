import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { BillLine } from '../domain/bill.ts';
import { lessBilled, totalOf, type VatGroup } from '../domain/bill-total.ts';
import type { BilledSlots, FlatBill } from '../domain/flat-bills.ts';
import type { Span } from '../domain/gap.ts';
import type { Micro } from '../domain/money.ts';
import type { Bill } from '../generated/prisma/client.ts';
import { storedVat, type NewBill, type NewLine, type StoredCounter, type StoredVatGroup } from '../store/bills.ts';
import { dateOfDay } from '../store/sql-time.ts';
import { asText } from './bill-inputs.ts';

export interface Draft {
  bill: NewBill;
  lines: NewLine[];
  packed: Uint8Array<ArrayBuffer>;
}

export interface DraftFrame {
  runId: number;
  buildingId: number;
  currency: string;
  /** What a vacancy's bill calls its party. */
  owner: string;
}

/** Who pays for what: a later run finds the bill of an earlier one by it. */
function keyOf(flatId: number, tenancyId: number | null, fromMs: number): string {
  return tenancyId === null ? `${flatId} owner ${fromMs}` : `${flatId} ${tenancyId}`;
}

/** The newest issued bill of each party: it stands for all before it. */
export function newestIssued(issued: readonly Bill[]): Map<string, Bill> {
  return new Map(issued.map((bill) => [keyOf(bill.flatId, bill.tenancyId, bill.fromAt.getTime()), bill]));
}

/** Null where the party has been asked for just this. What was issued is taken out of `issued`. */
export function draftBill(frame: DraftFrame, made: FlatBill, meters: readonly StoredCounter[], issued: Map<string, Bill>): Draft | null {
  const { flat, occupancy, lines, vat } = made;
  const { tenant } = occupancy;
  const key = keyOf(flat.id, tenant?.tenancyId ?? null, occupancy.fromMs);
  const earlier = issued.get(key);
  issued.delete(key);
  const party = { party: tenant?.party ?? frame.owner, address: tenant?.address ?? '' };
  const hash = hashOf(occupancy, party, lines);
  if (earlier?.hash === hash) return null;
  return {
    bill: {
      ...head(frame, { ...party, flatId: flat.id, flatName: flat.name, tenancyId: tenant?.tenancyId ?? null }, occupancy),
      ...amounts(vat, earlier),
      consumptionWh: made.consumptionWh,
      ownWh: made.ownWh,
      estimatedWh: made.estimatedWh,
      missingSlots: made.missingSlots,
      missingProduction: made.missingProduction,
      meters: [...meters] as object[],
      hash,
    },
    lines: lines.map(storedLine),
    packed: packSlots(made.slots),
  };
}

/** For a party that an issued bill has and the new run has not: all of it is taken back. Null when it was before. */
export function takeBack(frame: DraftFrame, earlier: Bill): Draft | null {
  const { flatId, flatName, tenancyId, party, address } = earlier;
  const span = { fromMs: earlier.fromAt.getTime(), toMs: earlier.toAt.getTime() };
  const hash = hashOf(span, { party, address }, []);
  if (earlier.hash === hash) return null;
  const nothing = { consumptionWh: 0, ownWh: 0, estimatedWh: 0, missingSlots: 0, missingProduction: 0, meters: [] };
  return {
    bill: { ...head(frame, { flatId, flatName, tenancyId, party, address }, span), ...amounts([], earlier), ...nothing, hash },
    lines: [],
    packed: packSlots({ firstSlotMs: span.fromMs, consumption: [], own: [], bands: [], quality: '' }),
  };
}

function head(
  { runId, buildingId, currency }: DraftFrame,
  who: Pick<Bill, 'flatId' | 'flatName' | 'tenancyId' | 'party' | 'address'>,
  { fromMs, toMs }: Span,
) {
  return { runId, buildingId, currency, ...who, fromAt: new Date(fromMs), toAt: new Date(toMs) };
}

/** What is to pay now: all of it, less what earlier bills asked for. */
function amounts(groups: readonly VatGroup[], earlier: Bill | undefined) {
  const billed = earlier
    ? storedVat(earlier).map(({ vatBasisPoints, net, vat }) => ({ vatBasisPoints, net: BigInt(net), vat: BigInt(vat) }))
    : [];
  const due = lessBilled(groups, billed);
  const { net, vat, total } = totalOf(due);
  const of = (list: readonly VatGroup[], rate: number, what: 'net' | 'vat'): Micro =>
    list.find(({ vatBasisPoints }) => vatBasisPoints === rate)?.[what] ?? 0n;
  const vatGroups = due.map(({ vatBasisPoints: rate }): StoredVatGroup => ({
    vatBasisPoints: rate,
    net: String(of(groups, rate, 'net')),
    vat: String(of(groups, rate, 'vat')),
    billedNet: String(of(billed, rate, 'net')),
    billedVat: String(of(billed, rate, 'vat')),
  }));
  return { correctsId: earlier?.id ?? null, netMicro: net, vatMicro: vat, totalMicro: total, vatGroups: vatGroups as object[] };
}

/** Of what a party is asked for: how well it is known is no part of it. */
function hashOf({ fromMs, toMs }: Span, party: { party: string; address: string }, lines: readonly BillLine[]): string {
  const asked = lines.map(({ kind, label, producerId, from, to, quantity, price, amount, vatBasisPoints }) => ({
    ...{ kind, label, producerId, from, to, quantity, price, amount, vatBasisPoints },
  }));
  return createHash('sha256')
    .update(asText({ fromMs, toMs, ...party, asked }))
    .digest('hex');
}

function storedLine(line: BillLine, position: number): NewLine {
  const { kind, label, producerId, tariffId, tariffName, unit, vatBasisPoints } = line;
  return {
    ...{ position, kind, label, producerId, tariffId, tariffName, unit, vatBasisPoints },
    fromDay: dateOfDay(line.from),
    toDay: dateOfDay(line.to),
    quantityMicro: line.quantity,
    wh: line.wh,
    estimatedWh: line.estimatedWh,
    priceMicro: line.price,
    amountMicro: line.amount,
  };
}

function packSlots(slots: BilledSlots): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateSync(JSON.stringify(slots), { level: 1 }));
}
