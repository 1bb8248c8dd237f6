import { reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { dayOf } from '../store/sql-time.ts';
import { deleteTariff as deleteRow, findTariff, issuedWithTariff } from '../store/tariffs.ts';
import { demand, seen, type Deps } from './access.ts';

/** From its day on the tariff before it holds again: not where issued bills rest on it, for the next run would ask for the difference. */
export async function deleteTariff(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const tariff = seen(await findTariff(tx, reach(actor, 'tariff:read'), id), 'This tariff');
    demand(actor, 'tariff:change', { buildingId: tariff.buildingId });
    await lockRow(tx, 'buildings', tariff.buildingId);
    const bills = await issuedWithTariff(tx, tariff);
    if (bills > 0) {
      throw new Conflict(
        `${tariff.name} stays: ${bills} issued bills rest on it. For other prices make a tariff that is valid from a later day.`,
      );
    }
    await deleteRow(tx, id);
    const detail = `${tariff.name} from ${dayOf(tariff.validFrom)}`;
    await recordActivity(tx, actor, { action: 'delete-tariff', subject: `tariff-${id}`, detail, buildingId: tariff.buildingId });
  });
}
