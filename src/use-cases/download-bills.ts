import type { PlannedTable } from '../domain/download-plan.ts';
import type { Span } from '../domain/gap.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { column } from '../domain/table.ts';
import { billIdsBetween } from '../store/bill-list.ts';
import type { Database } from '../store/database.ts';
import type { DownloadRights } from './download-rights.ts';

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

/** The bills of a building whose time begins in a span, as far as the actor may see them. */
export async function planBills(
  { prisma }: Pick<Database, 'prisma'>,
  actor: Actor,
  { building }: DownloadRights,
  { span, zone, flats }: { span: Span; zone: string; flats?: readonly number[] | undefined },
): Promise<PlannedTable> {
  const ids = await billIdsBetween(prisma, reach(actor, 'bill:read'), { buildingId: building.id, flats, ...span });
  return {
    what: `${ids.length} ${ids.length === 1 ? 'bill' : 'bills'}`,
    columns: COLUMNS,
    source: { kind: 'bills', ids, zone },
  };
}
