import { z } from 'zod';
import { formatMicro } from '../domain/money.ts';
import { isConsumer, type FlatOfBuilding, type SplitShare } from '../domain/building-energy.ts';
import { groupBy } from '../domain/group-by.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { SPLIT_KINDS } from '../domain/split-rule.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { readBillingSettings, writeBillingSettings, type BillingSettings } from '../store/billing-settings.ts';
import { findBuilding } from '../store/buildings.ts';
import { flatsOfBuilding } from '../store/flats.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { decimalField, idField, microOf, parseInput, textField } from './input.ts';

const WHOLE = 1_000_000;
const MICRO_PERCENT_PER_MILLIONTH = 100n;

const share = z.strictObject({
  flatId: idField,
  producerId: idField,
  percent: decimalField('a percentage of what the producer makes', 100_000_000n, 4),
});

export const changeBillingInput = z
  .strictObject({
    kind: z.enum(SPLIT_KINDS, `must be one of ${SPLIT_KINDS.join(', ')}`),
    surplus: z.enum(['export', 'others'], 'must be export or others'),
    sender: textField(250),
    remark: textField(500),
    shares: z.array(share, 'must be a list of shares').max(20_000, 'takes at most 20000 shares'),
  })
  .partial();
const whole = changeBillingInput.extend({ buildingId: idField });

export function percentOf({ millionths }: SplitShare): string {
  return formatMicro(BigInt(millionths) * MICRO_PERCENT_PER_MILLIONTH, 0);
}

function checkShares(shares: readonly SplitShare[], flats: readonly FlatOfBuilding[]): void {
  const of = (id: number) => flats.find((flat) => flat.id === id);
  for (const { flatId, producerId } of shares) {
    if (!isConsumer(of(flatId)?.kind ?? 'grid'))
      throw new InvalidInput({ shares: `flat ${flatId} is none of this building that uses energy` });
    if (of(producerId)?.kind !== 'producer') throw new InvalidInput({ shares: `flat ${producerId} is no producer of this building` });
  }
  const pairs = new Set(shares.map(({ flatId, producerId }) => `${flatId} ${producerId}`));
  if (pairs.size < shares.length) throw new InvalidInput({ shares: 'must name each flat and producer once' });
  for (const [producerId, group] of groupBy(shares, (one) => one.producerId)) {
    const sum = group.reduce((total, one) => total + one.millionths, 0);
    if (sum > WHOLE) throw new InvalidInput({ shares: `give away more than all of ${of(producerId)?.name}: together at most 100 %` });
  }
}

/** How a building splits its own production, and what stands on its bills. */
export async function changeBilling(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<BillingSettings> {
  const { buildingId, shares, ...given } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    demand(actor, 'tariff:change', { buildingId });
    await lockRow(tx, 'buildings', buildingId);
    const before = await readBillingSettings(tx, buildingId);
    const wanted = shares
      ?.map(({ percent, ...ids }) => ({ ...ids, millionths: Number(microOf(percent) / MICRO_PERCENT_PER_MILLIONTH) }))
      .toSorted((a, b) => a.flatId - b.flatId || a.producerId - b.producerId);
    if (wanted) checkShares(wanted, await flatsOfBuilding(tx, buildingId));
    const changes = changesOf(before, { ...given, shares: wanted });
    if (changes === null) return before;
    const after = { ...before, ...changes } as BillingSettings;
    await writeBillingSettings(tx, buildingId, after);
    await recordActivity(tx, actor, {
      action: 'change-billing',
      subject: `building-${buildingId}`,
      detail: describeChanges(before, changes),
    });
    return after;
  });
}
