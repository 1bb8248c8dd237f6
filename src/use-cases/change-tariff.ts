import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { formatMicro } from '../domain/money.ts';
import { recordActivity } from '../store/activities.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { dayOf } from '../store/sql-time.ts';
import { findTariff, storedBands, storedOwnPrices, updateTariff, type TariffRow } from '../store/tariffs.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { checkTariff, tariffColumns, tariffFields, type TariffFields } from './create-tariff.ts';
import { idField, parseInput } from './input.ts';

export const changeTariffInput = z.strictObject(tariffFields).partial();
const whole = changeTariffInput.extend({ id: idField });

function fieldsOf(row: TariffRow): TariffFields {
  return {
    name: row.name,
    validFrom: dayOf(row.validFrom),
    currency: row.currency,
    basePrice: formatMicro(row.basePriceMicro),
    basePer: row.basePer,
    energyPrice: formatMicro(row.energyPriceMicro),
    ownPrice: formatMicro(row.ownPriceMicro),
    bandsOf: row.bandsOf,
    bands: storedBands(row),
    ownPrices: storedOwnPrices(row),
    vatPercent: row.vatBasisPoints / 100,
  };
}

/** Bills that were issued keep their prices; the next run of their period makes a bill of the difference. */
export async function changeTariff(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<TariffRow> {
  const { id, ...given } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const found = seen(await findTariff(tx, reach(actor, 'tariff:read'), id), 'This tariff');
    demand(actor, 'tariff:change', { buildingId: found.buildingId });
    await lockRow(tx, 'buildings', found.buildingId);
    const tariff = seen(await findTariff(tx, reach(actor, 'tariff:read'), id), 'This tariff');
    const before = fieldsOf(tariff);
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const after: TariffFields = { ...before, ...wanted };
    await checkTariff(tx, tariff.buildingId, { ...after, id });
    const changes = changesOf(tariffColumns(before), tariffColumns(after));
    if (changes === null) return tariff;
    const detail = describeChanges(tariffColumns(before), changes);
    await recordActivity(tx, actor, { action: 'change-tariff', subject: `tariff-${id}`, detail });
    return updateTariff(tx, id, changes);
  });
}
