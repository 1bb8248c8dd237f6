import type { Connection } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { Reach } from '../domain/permission.ts';
import { PLAIN_ROWS } from './connector.ts';
import type { Db } from './prisma-transaction.ts';
import { billsWithin } from './reach.ts';

/** The bills that somebody may see and whose time begins in a span. */
export async function billIdsBetween(
  db: Db,
  reach: Reach,
  { buildingId, flats, fromMs, toMs }: Span & { buildingId: number; flats?: readonly number[] | undefined },
): Promise<number[]> {
  const filter = {
    buildingId,
    fromAt: { gte: new Date(fromMs), lt: new Date(toMs) },
    ...(flats === undefined ? {} : { flatId: { in: [...flats] } }),
  };
  const rows = await db.bill.findMany({
    where: { AND: [billsWithin(reach), filter] },
    select: { id: true },
    orderBy: [{ fromAt: 'asc' }, { number: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id }) => id);
}

export interface ListedBill {
  number: number | null;
  state: string;
  flatName: string;
  party: string;
  address: string;
  fromMs: number;
  toMs: number;
  currency: string;
  netMicro: bigint;
  vatMicro: bigint;
  totalMicro: bigint;
  consumptionWh: number;
  ownWh: number;
  estimatedWh: number;
  missingSlots: number;
  correctsNumber: number | null;
  issuedMs: number | null;
}

type RawRow = [
  ...[number | null, string, string, string, string, string, string, string],
  ...[number, number, number, number, number, number, number, number | null, string | null],
];

const timeOf = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);

/** In the order of the ids; one that is gone by now is left out. */
export async function billsByIds(connection: Pick<Connection, 'query'>, ids: readonly number[]): Promise<ListedBill[]> {
  const rows: RawRow[] = await connection.query(
    {
      sql: `SELECT b.number, b.state, b.flat_name, b.party, b.address, b.from_at, b.to_at, b.currency, b.net_micro, b.vat_micro, b.total_micro,
          b.consumption_wh, b.own_wh, b.estimated_wh, b.missing_slots, c.number, b.issued_at
        FROM bills b LEFT JOIN bills c ON c.id = b.corrects_id WHERE b.id IN (?) ORDER BY b.from_at, b.number, b.id`,
      ...PLAIN_ROWS,
    },
    [ids],
  );
  return rows.map(
    ([number, state, flatName, party, address, from, to, currency, net, vat, total, used, own, estimated, missing, corrects, issued]) => ({
      ...{ number, state, flatName, party, address, currency },
      ...{ fromMs: timeOf(from), toMs: timeOf(to), issuedMs: issued === null ? null : timeOf(issued) },
      ...{ netMicro: BigInt(net), vatMicro: BigInt(vat), totalMicro: BigInt(total) },
      ...{ consumptionWh: used, ownWh: own, estimatedWh: estimated, missingSlots: missing, correctsNumber: corrects },
    }),
  );
}
