import type { z } from 'zod';
import { isUser, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findSame, insertCorrection, type CorrectionRow } from '../store/corrections.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import type { Deps } from './access.ts';
import { correctionSentence } from './correction-sentence.ts';
import { parseInput } from './input.ts';
import { correctEnergyInput, planCorrection } from './planned-correction.ts';

/** Says something else of a reading, a counter or a quarter hour. What follows from it is made anew by the worker. */
export async function correctEnergy(deps: Deps, actor: Actor, input: z.input<typeof correctEnergyInput>): Promise<CorrectionRow> {
  const { reason, ...wanted } = parseInput(correctEnergyInput, input);
  return transact(deps.database.prisma, async (tx) => {
    const nowMs = deps.clock();
    const { flatId, buildingId: _, zone, span, ...planned } = await planCorrection(tx, actor, wanted, nowMs);
    await lockRow(tx, 'flats', flatId);
    const same = await findSame(tx, planned);
    if (same) {
      throw new Conflict(`${correctionSentence(same, zone)} already, says ${same.actor}: undo correction ${same.id} first.`);
    }
    const row = await insertCorrection(tx, {
      ...planned,
      reason,
      userId: isUser(actor) ? actor.userId : null,
      actor: actor.email,
      createdAt: new Date(nowMs),
    });
    await addDirty(tx, { pointId: planned.pointId, ...span, cause: 'correction' });
    await recordActivity(tx, actor, {
      action: 'correct-energy',
      subject: `correction-${row.id}`,
      detail: `${row.point.flat.building.name}, ${row.point.flat.name}: ${correctionSentence(row, zone)}. ${reason}`,
    });
    return row;
  });
}
