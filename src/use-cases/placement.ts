import { isRunning, placementConflicts, startOf } from '../domain/installation.ts';
import { say, sayAll } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import type { Installation } from '../store/installations.ts';
import { neighbours, runningInstallation } from '../store/installations.ts';
import { closeIncidentsOf } from '../store/incident-list.ts';
import { updateMeter } from '../store/meters.ts';
import { listTerms } from '../store/point-terms.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { momentOf, openMomentField, positiveField, wholeField } from './input.ts';

export const placementFields = {
  unitId: wholeField(1, 247),
  fromAt: openMomentField.optional(),
  toAt: openMomentField.optional(),
  ctRatio: positiveField(1_000_000).optional(),
  ptRatio: positiveField(1_000_000).optional(),
};

export interface WantedPlacement {
  id?: number;
  pointId: number;
  meterId: number;
  lineId: number;
  unitId: number;
  fromAt: Date | null;
  toAt: Date | null;
  /** Stands in for an empty start. */
  createdAt: Date;
}

export function datesOf(
  input: { fromAt?: Date | string | null | undefined; toAt?: Date | string | null | undefined },
  zone: string,
): { fromAt: Date | null; toAt: Date | null } {
  return {
    fromAt: input.fromAt == null ? null : momentOf('fromAt', input.fromAt, zone),
    toAt: input.toAt == null ? null : momentOf('toAt', input.toAt, zone),
  };
}

function placementOf(installation: Installation) {
  return { ...installation, fromMs: startOf(installation), toMs: installation.toAt?.getTime() ?? null };
}

/** Under the locks of flat, line and meter. Answers whether it runs. */
export async function checkPlacement(tx: Db, wanted: WantedPlacement, nowMs: number): Promise<boolean> {
  const fromMs = startOf(wanted);
  const toMs = wanted.toAt?.getTime() ?? null;
  if (toMs !== null && toMs <= fromMs) {
    throw new InvalidInput({ toAt: say('endBeforeStart', new Date(fromMs).toISOString()) });
  }
  if ((await listTerms(tx, wanted.pointId)).length > 0) {
    throw new Conflict(say('formulaThere'), { fields: { pointId: say('pointHasFormula') } });
  }
  const running = isRunning(toMs, nowMs);
  const others = (await neighbours(tx, wanted)).filter((other) => other.id !== wanted.id).map(placementOf);
  const conflicts = placementConflicts({ ...wanted, fromMs, toMs, running }, others);
  if (Object.keys(conflicts).length > 0) throw new Conflict(sayAll(Object.values(conflicts)), { fields: conflicts });
  return running;
}

/** A meter that hangs somewhere waits for its first answer; one that hangs nowhere is closed, and missed by nobody. */
export async function settleMeterState(tx: Db, meter: { id: number; state: string }, at: Date): Promise<void> {
  const hangs = (await runningInstallation(tx, meter.id)) !== null;
  if (hangs && meter.state === 'closed') {
    await updateMeter(tx, meter.id, { state: 'new', stateSince: at, stateReason: '', stateDetail: '' });
  } else if (!hangs && meter.state !== 'closed') {
    await updateMeter(tx, meter.id, { state: 'closed', stateSince: at, stateReason: 'closed-by-hand', stateDetail: '' });
    await closeIncidentsOf(tx, `meter-${meter.id}`, at);
  }
}
