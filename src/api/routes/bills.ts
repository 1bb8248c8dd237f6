import { formatMicro } from '../../domain/money.ts';
import { ownOf, reach } from '../../domain/permission.ts';
import type { BillLine } from '../../generated/prisma/client.ts';
import { NotFound } from '../../errors.ts';
import { findBill, listBills } from '../../store/bills.ts';
import { dayOf } from '../../store/sql-time.ts';
import { formatPercent, shownBill } from '../../use-cases/shown-bill.ts';
import { showBillSlots } from '../../use-cases/show-bill-slots.ts';
import { writeBillFile } from '../../use-cases/write-bill-file.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { fileAnswer, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, listOf, money, ownOnly, pageQuery, time, wholeNumber, z } from '../schema.ts';

const counter = z.object({ at: time, wh: wholeNumber }).nullable();

const billFields = {
  id,
  runId: id,
  buildingId: id,
  flatId: id,
  flatName: z.string(),
  tenancyId: id.nullable().openapi({ description: 'Null where the flat was let to nobody and the owner pays' }),
  number: z.number().int().nullable().openapi({ description: 'Given when it is issued, without gaps in the building' }),
  state: z.enum(['open', 'issued']),
  correctsId: id.nullable().openapi({ description: 'The bill before, of which this one asks only for the difference' }),
  correctsNumber: z.number().int().nullable(),
  buildingName: z.string(),
  zone: z.string(),
  party: z.string(),
  address: z.string(),
  fromAt: time,
  toAt: time,
  currency: z.string(),
  net: money,
  vat: money,
  total: money,
  vatGroups: z.array(
    z.object({ vatPercent: money, net: money, vat: money, billedNet: money, billedVat: money }).openapi({
      description: 'The sum of the lines of one rate, its VAT, and what of both earlier bills asked for',
    }),
  ),
  consumptionWh: wholeNumber,
  ownWh: wholeNumber,
  gridWh: wholeNumber,
  estimatedWh: wholeNumber,
  missingSlots: z.number().int().openapi({ description: 'Quarter hours of which the consumption is not known' }),
  missingProduction: z.number().int().openapi({ description: 'Quarter hours of which a producer’s production is not known' }),
  meters: z.array(z.object({ serial: z.string(), from: counter, to: counter })),
  createdAt: time,
  issuedAt: time.nullable(),
};
const bill = z.object(billFields).openapi('Bill');

const line = z
  .object({
    id,
    kind: z.enum(['base', 'grid', 'own']),
    label: z.string().openapi({ description: 'The band of grid energy, or the producer of own energy' }),
    producerId: id.nullable(),
    tariffId: id,
    tariffName: z.string(),
    from: z.iso.date(),
    to: z.iso.date(),
    unit: z.enum(['kWh', 'month', 'day']),
    quantity: money,
    wh: wholeNumber,
    estimatedWh: wholeNumber,
    price: money,
    amount: money,
    vatPercent: money,
  })
  .openapi('BillLine');
const wholeBill = z.object({ ...billFields, lines: z.array(line) }).openapi('WholeBill');

const slot = z.object({
  slot: time,
  consumptionWh: z.number().int(),
  gridWh: z.number().int(),
  own: z.array(z.object({ producerId: id, wh: z.number().int() })),
  band: z.string(),
  quality: z.enum(['measured', 'interpolated', 'estimated', 'missing']),
});

function toLine({ fromDay, toDay, quantityMicro, priceMicro, amountMicro, vatBasisPoints, ...row }: BillLine): z.input<typeof line> {
  return {
    ...row,
    from: dayOf(fromDay),
    to: dayOf(toDay),
    quantity: formatMicro(quantityMicro, 0),
    price: formatMicro(priceMicro),
    amount: formatMicro(amountMicro),
    vatPercent: formatPercent(vatBasisPoints),
  };
}

const tags: [string] = ['bills'];
const params = z.object({ billId: idParam });

export const billRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/bills',
    summary: 'Bills; for a tenant those of the own flat that were issued',
    tags,
    permission: 'bill:read',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      runId: idParam.optional(),
      flatId: idParam.optional(),
      state: z.enum(['open', 'issued']).optional(),
      own: ownOnly,
    }),
    response: listOf(bill),
    handler: async ({ deps, actor, query: { buildingId, runId, flatId, state, own, ...page } }) => {
      const given = reach(actor, 'bill:read');
      const filter = { buildingId, runId, flatId, state };
      return toList(await listBills(deps.database.prisma, own ? ownOf(given) : given, filter, pageRequest(page)), shownBill);
    },
  }),
  route({
    method: 'get',
    path: '/bills/:billId',
    summary: 'One bill with its lines',
    tags,
    permission: 'bill:read',
    params,
    response: wholeBill,
    handler: async ({ deps, actor, params: { billId } }) => {
      const row = await findBill(deps.database.prisma, reach(actor, 'bill:read'), billId);
      if (row === null) throw new NotFound('This bill');
      return { ...shownBill(row), lines: row.lines.map(toLine) };
    },
  }),
  route({
    method: 'get',
    path: '/bills/:billId/file',
    summary: 'One bill as a document or a spreadsheet, in the language of its building',
    tags,
    permission: 'bill:read',
    params,
    query: z.object({ format: z.enum(['pdf', 'xlsx'], 'must be pdf or xlsx').default('pdf') }),
    response: fileAnswer,
    handler: async ({ deps, actor, params: { billId }, query: { format } }) => ({
      ...(await writeBillFile(deps, actor, { id: billId, format })),
      type: TYPE_OF_FORMAT[format],
    }),
  }),
  route({
    method: 'get',
    path: '/bills/:billId/slots',
    name: 'readBillSlots',
    summary: 'The quarter hours that a bill, or one of its lines, is the sum of',
    tags,
    permission: 'bill:read',
    params,
    query: z.object({ lineId: idParam.optional(), day: z.string().max(10).optional() }),
    response: z.object({ items: z.array(slot) }),
    handler: async ({ deps, actor, params: { billId }, query }) => {
      const { slots } = await showBillSlots(deps, actor, { id: billId, ...query });
      return { items: slots.map(({ slotMs, ...values }) => ({ slot: new Date(slotMs), ...values })) };
    },
  }),
];
