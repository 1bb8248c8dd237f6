import { z } from 'zod';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { findFlat } from '../store/flats.ts';
import { insertInstallation } from '../store/installations.ts';
import { findLine } from '../store/lines.ts';
import { findMeter, type Place } from '../store/meters.ts';
import { findPoint } from '../store/points.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput } from './input.ts';
import { withinCapacity } from './line-capacity.ts';
import { checkPlacement, datesOf, placementFields, settleMeterState } from './placement.ts';

export const placeMeterInput = z.strictObject({ meterId: idField, pointId: idField, lineId: idField, ...placementFields });

/** Hangs a meter that is there already at a point that is there already: again, or for a time gone by. */
export async function placeMeter(deps: Deps, actor: Actor, input: z.input<typeof placeMeterInput>): Promise<Place> {
  const wanted = parseInput(placeMeterInput, input);
  return transact(deps.database.prisma, async (tx) => {
    const found = seen(await findPoint(tx, reach(actor, 'point:read'), wanted.pointId), 'This point');
    const { buildingId } = found.flat;
    demand(actor, 'installation:change', { buildingId });
    const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), found.flatId), 'This point');
    const line = await findLine(tx, reach(actor, 'line:read'), wanted.lineId);
    if (line === null || line.buildingId !== buildingId)
      throw new InvalidInput({ lineId: `there is no such line in ${flat.building.name}` });
    await lockRow(tx, 'flats', flat.id);
    await lockRow(tx, 'lines', line.id);
    await lockRow(tx, 'meters', wanted.meterId);
    const meter = await findMeter(tx, reach(actor, 'meter:change'), wanted.meterId);
    if (meter === null) throw new InvalidInput({ meterId: 'there is no such meter' });
    const now = new Date(deps.clock());
    const { ctRatio, ptRatio, fromAt: _from, toAt: _to, ...ids } = wanted;
    const placement = { ...ids, ...datesOf(wanted, flat.building.zone), createdAt: now };
    const running = await checkPlacement(tx, placement, now.getTime());
    const installation = await withinCapacity(tx, deps, { lineId: line.id, field: 'lineId' }, () =>
      insertInstallation(tx, { ...placement, ctRatio, ptRatio, running }),
    );
    await addDirty(tx, { pointId: found.id, fromMs: startOf(installation), toMs: now.getTime(), cause: 'installation' });
    await settleMeterState(tx, meter, now);
    await recordActivity(tx, actor, {
      action: 'place-meter',
      subject: `installation-${installation.id}`,
      detail: `${meter.serial} in ${flat.name}, ${line.name} unit ${wanted.unitId}`,
    });
    return installation;
  });
}
