import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { insertLine, type Line } from '../store/lines.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput } from './input.ts';
import { describeColumns, lineFields, placeColumns, refuseSecondLine } from './line-fields.ts';

/** A meter or gateway on the network, or a bus on a serial port. */
export const createLineInput = z.strictObject({ buildingId: idField, ...lineFields });

export async function createLine(deps: Deps, actor: Actor, input: z.input<typeof createLineInput>): Promise<Line> {
  const data = parseInput(createLineInput, input);
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), data.buildingId), 'This building');
    demand(actor, 'line:change', { buildingId: data.buildingId });
    const place = placeColumns(data);
    const poller = data.poller ?? 'main';
    await refuseSecondLine(tx, reach(actor, 'line:read'), { ...place, poller });
    const line = await insertLine(tx, { ...data, ...place, poller });
    await recordActivity(tx, actor, {
      action: 'create-line',
      subject: `line-${line.id}`,
      detail: `${line.name}, ${describeColumns(place)}`,
    });
    return line;
  });
}
