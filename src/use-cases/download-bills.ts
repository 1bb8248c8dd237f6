import type { Span } from '../domain/gap.ts';
import { isoLocal } from '../domain/local-stamp.ts';
import { formatMicro } from '../domain/money.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { column, type Batch, type Cell } from '../domain/table.ts';
import { billIdsBetween, billsByIds, type ListedBill } from '../store/bill-list.ts';
import type { Database } from '../store/database.ts';
import type { DownloadRights } from './download-rights.ts';
import type { DownloadPlan } from './plan-download.ts';

const BILLS_AT_ONCE = 500;

const COLUMNS = [
  ...[column('number', 'number'), column('state'), column('flat'), column('party'), column('address')],
  ...[column('from', 'moment'), column('to', 'moment'), column('currency')],
  ...[column('net', 'number'), column('vat', 'number'), column('total', 'number')],
  ...[
    column('consumption', 'number', 'Wh'),
    column('own', 'number', 'Wh'),
    column('grid', 'number', 'Wh'),
    column('estimated', 'number', 'Wh'),
  ],
  ...[column('missing_quarter_hours', 'number'), column('corrects_number', 'number'), column('issued_at', 'moment')],
];

function toCells(bill: ListedBill, zone: string): Cell[] {
  const money = (micro: bigint) => formatMicro(micro);
  return [
    ...[bill.number, bill.state, bill.flatName, bill.party, bill.address],
    ...[isoLocal(bill.fromMs, zone), isoLocal(bill.toMs, zone), bill.currency],
    ...[money(bill.netMicro), money(bill.vatMicro), money(bill.totalMicro)],
    ...[bill.consumptionWh, bill.ownWh, bill.consumptionWh - bill.ownWh, bill.estimatedWh],
    ...[bill.missingSlots, bill.correctsNumber, bill.issuedMs === null ? null : isoLocal(bill.issuedMs, zone)],
  ];
}

/** The bills of a building whose time begins in a span, as far as the actor may see them. */
export async function planBills(
  { prisma }: Pick<Database, 'prisma'>,
  actor: Actor,
  { building }: DownloadRights,
  { span, zone, flats }: { span: Span; zone: string; flats?: readonly number[] | undefined },
): Promise<Pick<DownloadPlan, 'columns' | 'read'> & { what: string }> {
  const ids = await billIdsBetween(prisma, reach(actor, 'bill:read'), { buildingId: building.id, flats, ...span });
  return {
    what: `${ids.length} ${ids.length === 1 ? 'bill' : 'bills'}`,
    columns: COLUMNS,
    async *read(connection): AsyncGenerator<Batch> {
      for (let at = 0; at < ids.length; at += BILLS_AT_ONCE) {
        const rows = await billsByIds(connection, ids.slice(at, at + BILLS_AT_ONCE));
        yield { rows: rows.map((bill) => toCells(bill, zone)), done: Math.min(1, (at + BILLS_AT_ONCE) / ids.length) };
      }
    },
  };
}
