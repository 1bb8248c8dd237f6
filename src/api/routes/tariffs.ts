import { formatMicro } from '../../domain/money.ts';
import { reach } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { dayOf } from '../../store/sql-time.ts';
import { findTariff, listTariffs, storedBands, storedOwnPrices, type TariffRow } from '../../store/tariffs.ts';
import { changeTariff, changeTariffInput } from '../../use-cases/change-tariff.ts';
import { createTariff, createTariffInput } from '../../use-cases/create-tariff.ts';
import { deleteTariff } from '../../use-cases/delete-tariff.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, money, pageQuery, time, z } from '../schema.ts';

const tariff = z
  .object({
    id,
    buildingId: id,
    name: z.string(),
    validFrom: z.iso.date().openapi({ description: 'Holds from this day on, until the next tariff of the building begins' }),
    currency: z.string(),
    basePrice: money,
    basePer: z.enum(['month', 'day']),
    energyPrice: money.openapi({ description: 'Per kWh from the grid outside all bands, without VAT' }),
    bandsOf: z.enum(['week', 'italy']).openapi({ description: 'Bands by weekday and clock, or F1, F2 and F3 of the Italian regulator' }),
    bands: z.array(z.object({ name: z.string(), weekdays: z.array(z.number().int()), from: z.string(), to: z.string(), price: money })),
    ownPrice: money.openapi({ description: 'Per kWh of the own production' }),
    ownPrices: z.array(z.object({ producerId: id, price: money })).openapi({ description: 'Producers with a price of their own' }),
    vatPercent: money,
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Tariff');

function toTariff(row: TariffRow): z.input<typeof tariff> {
  return {
    ...row,
    validFrom: dayOf(row.validFrom),
    basePrice: formatMicro(row.basePriceMicro),
    energyPrice: formatMicro(row.energyPriceMicro),
    ownPrice: formatMicro(row.ownPriceMicro),
    bands: storedBands(row),
    ownPrices: storedOwnPrices(row),
    vatPercent: formatMicro(BigInt(row.vatBasisPoints) * 10_000n, 0),
  };
}

const tags: [string] = ['tariffs'];
const params = z.object({ tariffId: idParam });

export const tariffRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/tariffs',
    summary: 'What the flats pay, and from when',
    tags,
    permission: 'tariff:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional() }),
    response: listOf(tariff),
    handler: async ({ deps, actor, query: { buildingId, ...page } }) =>
      toList(await listTariffs(deps.database.prisma, reach(actor, 'tariff:read'), { buildingId }, pageRequest(page)), toTariff),
  }),
  route({
    method: 'post',
    path: '/tariffs',
    summary: 'Make a tariff',
    tags,
    permission: 'tariff:change',
    body: createTariffInput,
    response: tariff,
    status: 201,
    handler: async ({ deps, actor, body }) => toTariff(await createTariff(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/tariffs/:tariffId',
    summary: 'One tariff',
    tags,
    permission: 'tariff:read',
    params,
    response: tariff,
    handler: async ({ deps, actor, params: { tariffId } }) => {
      const row = await findTariff(deps.database.prisma, reach(actor, 'tariff:read'), tariffId);
      if (row === null) throw new NotFound('This tariff');
      return toTariff(row);
    },
  }),
  route({
    method: 'patch',
    path: '/tariffs/:tariffId',
    summary: 'Change a tariff; bills that were issued stay as they are',
    tags,
    permission: 'tariff:change',
    params,
    body: changeTariffInput,
    response: tariff,
    handler: async ({ deps, actor, params: { tariffId }, body }) => toTariff(await changeTariff(deps, actor, { ...body, id: tariffId })),
  }),
  route({
    method: 'delete',
    path: '/tariffs/:tariffId',
    summary: 'Remove a tariff; the one before holds on',
    tags,
    permission: 'tariff:change',
    params,
    handler: ({ deps, actor, params: { tariffId } }) => deleteTariff(deps, actor, { id: tariffId }),
  }),
];
