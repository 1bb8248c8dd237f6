import { reach, type Actor } from '../domain/permission.ts';
import { findLine, type Line } from '../store/lines.ts';
import { demand, seen, type Deps } from './access.ts';

/** The line, for somebody who may send something over it. */
export async function controlledLine({ database }: Pick<Deps, 'database'>, actor: Actor, lineId: number): Promise<Line> {
  const line = seen(await findLine(database.prisma, reach(actor, 'line:read'), lineId), 'This line');
  demand(actor, 'meter:control', { buildingId: line.buildingId });
  return line;
}
