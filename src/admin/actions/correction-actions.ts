import { reach, type Actor } from '../../domain/permission.ts';
import { Conflict } from '../../errors.ts';
import { findMeter } from '../../store/meters.ts';
import { seen } from '../../use-cases/access.ts';
import { undoCorrection } from '../../use-cases/undo-correction.ts';
import { correctionDay } from '../correction-day.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionSpec } from './action-spec.ts';

/** A day of the point to look at. What one does there goes by REST. */
function correctAction(pointOf: (actor: Actor, id: number) => Promise<number>, deps: OfficeDeps): ActionSpec {
  return {
    name: 'correctEnergy',
    label: 'Correct energy',
    icon: 'Edit',
    component: 'CorrectEnergy',
    permission: 'energy:correct',
    input: ['day'],
    run: async (actor, id, { day }) => ({
      message: '',
      data: await correctionDay(deps, actor, { pointId: await pointOf(actor, id), day }),
    }),
  };
}

export function correctAtPoint(deps: OfficeDeps): ActionSpec {
  return correctAction(async (_, pointId) => pointId, deps);
}

/** Where it hangs, or hung last. */
export function correctAtMeter(deps: OfficeDeps): ActionSpec {
  return correctAction(async (actor, meterId) => {
    const { installations } = seen(await findMeter(deps.database.prisma, reach(actor, 'meter:read'), meterId), 'This meter');
    const last = installations.at(-1);
    if (!last) throw new Conflict('This meter never hung at a point: there is no energy to correct.');
    return last.pointId;
  }, deps);
}

export function undoAction(deps: OfficeDeps): ActionSpec {
  return {
    name: 'undo',
    label: 'Undo',
    icon: 'RotateCcw',
    component: 'UndoCorrection',
    permission: 'energy:correct',
    input: ['reason'],
    isFor: (row) => row['undone'] === '',
    afterwards: 'show',
    async run(actor, id, { reason = '' }) {
      await undoCorrection(deps, actor, { id, reason });
      return { message: 'Undone. The energy is made anew within five minutes.' };
    },
  };
}
