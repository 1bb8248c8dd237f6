import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findLine, updateLine, type Line } from '../store/lines.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, parseInput } from './input.ts';
import { withinCapacity } from './line-capacity.ts';
import { changedPlace, lineFields, refuseSecondLine } from './line-fields.ts';

export const changeLineInput = z.strictObject(lineFields).partial();
const whole = changeLineInput.extend({ id: idField });

export async function changeLine(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<Line> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const line = seen(await findLine(tx, reach(actor, 'line:read'), id), 'This line');
    demand(actor, 'line:change', { buildingId: line.buildingId });
    const place = changedPlace(line, wanted);
    const changes = changesOf(line, { ...wanted, ...place });
    if (changes === null) return line;
    await refuseSecondLine(tx, reach(actor, 'line:read'), { ...place, id, poller: wanted.poller ?? line.poller });
    await recordActivity(tx, actor, { action: 'change-line', subject: `line-${id}`, detail: describeChanges(line, changes) });
    const field = changes.pauseMs === undefined ? 'baudRate' : 'pauseMs';
    return withinCapacity(tx, deps, { lineId: id, field }, () => updateLine(tx, id, changes));
  });
}
