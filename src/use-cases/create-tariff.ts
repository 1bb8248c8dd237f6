import { z } from 'zod';
import { formatMicro } from '../domain/money.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { bandsProblem } from '../domain/tariff.ts';
import { parseClock } from '../domain/time-of-use.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { dateOfDay } from '../store/sql-time.ts';
import { findTariffFrom, insertTariff, type TariffRow } from '../store/tariffs.ts';
import { demand, seen, type Deps } from './access.ts';
import { dayField, decimalField, idField, microOf, nameField, parseInput, wholeField } from './input.ts';

const clockField = z
  .string('must be a time, such as 06:00')
  .refine((text) => parseClock(text) !== null, 'must be a time from 00:00 to 24:00, such as 06:00');

const priceField = decimalField('a price', 1_000_000_000_000n, 6);
const MICRO_PER_BASIS_POINT = 10_000n;

const band = z.strictObject({
  name: nameField(40),
  weekdays: z.array(wholeField(1, 7), 'must be a list of weekdays, 1 for Monday to 7').max(7).default([1, 2, 3, 4, 5, 6, 7]),
  from: clockField.default('00:00'),
  to: clockField.default('24:00'),
  price: priceField,
});

const ownPrice = z.strictObject({ producerId: idField, price: priceField });

export const tariffFields = {
  name: nameField(80),
  validFrom: dayField,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR'),
  basePrice: priceField,
  basePer: z.enum(['month', 'day'], 'must be month or day'),
  energyPrice: priceField,
  ownPrice: priceField,
  bandsOf: z.enum(['week', 'italy'], 'must be week or italy'),
  bands: z.array(band, 'must be a list of bands').max(20, 'takes at most 20 bands'),
  ownPrices: z.array(ownPrice, 'must be a list of producers and prices').max(50, 'takes at most 50 producers'),
  vatPercent: decimalField('a percentage', 100_000_000n, 2),
};

export const createTariffInput = z.strictObject({
  buildingId: idField,
  ...tariffFields,
  currency: tariffFields.currency.default('EUR'),
  basePrice: tariffFields.basePrice.default('0'),
  basePer: tariffFields.basePer.default('month'),
  bandsOf: tariffFields.bandsOf.default('week'),
  bands: tariffFields.bands.default([]),
  ownPrices: tariffFields.ownPrices.default([]),
  vatPercent: tariffFields.vatPercent.default('0'),
});

export type TariffFields = z.output<z.ZodObject<typeof tariffFields>>;

export function tariffColumns(tariff: TariffFields) {
  const { validFrom, basePrice, energyPrice, ownPrice, vatPercent, bands, ownPrices, ...same } = tariff;
  return {
    ...same,
    validFrom: dateOfDay(validFrom),
    basePriceMicro: microOf(basePrice),
    energyPriceMicro: microOf(energyPrice),
    ownPriceMicro: microOf(ownPrice),
    vatBasisPoints: Number(microOf(vatPercent) / MICRO_PER_BASIS_POINT),
    bands: bands.map(({ price, ...rest }) => ({ ...rest, price: formatMicro(microOf(price)) })),
    ownPrices: ownPrices.map(({ producerId, price }) => ({ producerId, price: formatMicro(microOf(price)) })),
  };
}

/** Under the building's lock: nobody else writes one of its tariffs meanwhile. */
export async function checkTariff(tx: Db, buildingId: number, tariff: TariffFields & { id?: number }): Promise<void> {
  const bands = tariff.bands.map((one) => ({
    ...one,
    fromMinute: parseClock(one.from) ?? 0,
    toMinute: parseClock(one.to) ?? 0,
    price: microOf(one.price),
  }));
  const problem = bandsProblem({ bandsOf: tariff.bandsOf, bands });
  if (problem !== null) throw new InvalidInput({ bands: problem });
  const producers = (await flatsOfBuilding(tx, buildingId)).filter(({ kind }) => kind === 'producer').map(({ id }) => id);
  const stranger = tariff.ownPrices.find(({ producerId }) => !producers.includes(producerId));
  if (stranger) throw new InvalidInput({ ownPrices: `flat ${stranger.producerId} is no producer of this building` });
  const other = await findTariffFrom(tx, buildingId, dateOfDay(tariff.validFrom));
  if (other === null || other.id === tariff.id) return;
  throw new Conflict(`From ${tariff.validFrom} on the tariff ${other.name} holds.`, {
    fields: { validFrom: 'is the first day of another tariff of this building; change that one or choose another day' },
  });
}

export async function createTariff(deps: Deps, actor: Actor, input: z.input<typeof createTariffInput>): Promise<TariffRow> {
  const { buildingId, ...tariff } = parseInput(createTariffInput, input);
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    demand(actor, 'tariff:change', { buildingId });
    await lockRow(tx, 'buildings', buildingId);
    await checkTariff(tx, buildingId, tariff);
    const row = await insertTariff(tx, { buildingId, ...tariffColumns(tariff) });
    await recordActivity(tx, actor, {
      action: 'create-tariff',
      subject: `tariff-${row.id}`,
      detail: `${row.name} from ${tariff.validFrom}`,
    });
    return row;
  });
}
