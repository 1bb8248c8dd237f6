import type { z } from 'zod';
import { isRunning, startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { countersUpTo, runningInstallation, updateInstallation } from '../store/installations.ts';
import { findMeter, type MeterRow } from '../store/meters.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { closeInput } from './close-tenancy.ts';
import { idField, momentOf, parseInput } from './input.ts';
import { settleMeterState } from './placement.ts';

const whole = closeInput.extend({ id: idField });

/** Ends the meter's installation at a moment, now by default. All its readings stay; installing it again undoes it. */
export async function closeMeter(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<MeterRow> {
  const { id, at } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), id), 'This meter');
    await lockRow(tx, 'meters', id);
    const running = await runningInstallation(tx, id);
    if (running === null) throw new Conflict('This meter is closed already.');
    const { flat } = running.point;
    demand(actor, 'meter:change', { buildingId: flat.buildingId });
    const now = new Date(deps.clock());
    const toAt = at === undefined ? now : momentOf('at', at, flat.building.zone);
    if (toAt.getTime() < startOf(running))
      throw new InvalidInput({ at: `must not be before its start, ${new Date(startOf(running)).toISOString()}` });
    const counters = await countersUpTo(tx, id, toAt);
    await updateInstallation(tx, running.id, {
      toAt,
      running: isRunning(toAt.getTime(), now.getTime()),
      lastImportWh: counters.importWh,
      lastExportWh: counters.exportWh,
    });
    await addDirty(tx, { pointId: running.pointId, fromMs: toAt.getTime(), toMs: now.getTime(), cause: 'installation' });
    await settleMeterState(tx, meter, toAt);
    await recordActivity(tx, actor, {
      action: 'close-meter',
      subject: `meter-${id}`,
      detail: `${meter.serial} in ${flat.name} at ${toAt.toISOString()}`,
    });
    return seen(await findMeter(tx, reach(actor, 'meter:read'), id), 'This meter');
  });
}
