import type { z } from 'zod';
import { isUser, reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findCorrection, insertUndo, type CorrectionRow } from '../store/corrections.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { correctionSentence } from './correction-sentence.ts';
import { idField, parseInput } from './input.ts';
import { refuseDropped, storedSpan, undoCorrectionInput } from './planned-correction.ts';

const whole = undoCorrectionInput.extend({ id: idField });

/** What it said no longer holds; the intervals come out as they were without it. */
export async function undoCorrection(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<CorrectionRow> {
  const { id, reason } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const find = async () => seen(await findCorrection(tx, reach(actor, 'energy:correct'), id), 'This correction');
    const known = await find();
    const { flat } = known.point;
    demand(actor, 'energy:correct', { buildingId: flat.buildingId });
    await lockRow(tx, 'flats', flat.id);
    const { undo } = await find();
    if (undo) throw new Conflict(`This correction was undone already, by ${undo.actor} on ${undo.createdAt.toISOString().slice(0, 10)}.`);
    const span = await storedSpan(tx, known);
    await refuseDropped(tx, { pointId: known.pointId, span });
    const userId = isUser(actor) ? actor.userId : null;
    await insertUndo(tx, { correctionId: id, reason, userId, actor: actor.email, createdAt: new Date(deps.clock()) });
    await addDirty(tx, { pointId: known.pointId, ...span, cause: 'correction' });
    await recordActivity(tx, actor, {
      action: 'undo-correction',
      subject: `correction-${id}`,
      detail: `${flat.building.name}, ${flat.name}: ${correctionSentence(known, flat.building.zone)}. ${reason}`,
    });
    return find();
  });
}
