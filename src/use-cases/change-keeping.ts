import { z } from 'zod';
import { isShorter, KEPT, KEPT_KINDS, MOST_MONTHS, sayKept, type KeptKind, type KeptMonths } from '../domain/retention.ts';
import { can, type Actor } from '../domain/permission.ts';
import { Conflict, Forbidden, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { writeSetting } from '../store/settings.ts';
import { parseInput } from './input.ts';
import { planDrop, readKept, settingOf, type KeepingDeps } from './keeping.ts';

export const changeKeepingInput = z.strictObject({
  kind: z.enum(KEPT_KINDS, `must be one of ${KEPT_KINDS.join(', ')}`),
  /** Null: for ever. */
  months: z.number('must be a number of months, or null for ever').int('must be a whole number').nullable(),
  /** Needed where it is kept shorter than before: what goes does not come back. */
  confirmed: z.boolean('must be true or false').optional(),
});

function monthsOf(kind: KeptKind, months: number | null): KeptMonths {
  if (months === null) return 'forever';
  const { least, label } = KEPT[kind];
  if (months < least || months > MOST_MONTHS)
    throw new InvalidInput({ months: `${label}: must be from ${least} to ${MOST_MONTHS} months, or for ever` });
  return months;
}

/** Shorter than before only when that is confirmed. What goes, goes with the next run. */
export async function changeKeeping(deps: KeepingDeps, actor: Actor, input: z.input<typeof changeKeepingInput>): Promise<void> {
  const { kind, months, confirmed = false } = parseInput(changeKeepingInput, input);
  if (!can(actor, 'setting:change')) throw new Forbidden();
  const wanted = monthsOf(kind, months);
  const before = await readKept(deps.database, kind);
  if (wanted === before) return;
  if (isShorter(wanted, before) && !confirmed) {
    const { dueRows, beforeMs } = await planDrop(deps.database, kind, wanted, deps.clock());
    const since = new Date(beforeMs ?? 0).toISOString().slice(0, 10);
    throw new Conflict(
      `${KEPT[kind].label} would be kept ${sayKept(wanted)} in place of ${sayKept(before)}: the next run drops about ${dueRows} rows from before ${since}, and every month some more. What is dropped does not come back. Confirm it to go on.`,
      { fields: { confirmed: 'must be true to keep it shorter' } },
    );
  }
  await transact(deps.database.prisma, async (tx) => {
    await writeSetting(tx, settingOf(kind), String(wanted));
    const detail = `${KEPT[kind].label}: ${sayKept(wanted)} in place of ${sayKept(before)}`;
    await recordActivity(tx, actor, { action: 'change-keeping', subject: 'house', detail });
  });
}
