import type { Actor } from '../domain/permission.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { TestConnectionReply } from '../queue/contract.ts';
import type { Deps } from './access.ts';
import { controlledLine } from './line-control.ts';

const DEADLINE_MS = 10_000;

/** Is there a device at the end of this line, and a meter under that unit id? */
export async function testConnection(
  deps: Deps & { adHoc: Pick<AdHoc, 'ask'> },
  actor: Actor,
  { lineId, unitId }: { lineId: number; unitId: number },
): Promise<TestConnectionReply> {
  const line = await controlledLine(deps, actor, lineId);
  return deps.adHoc.ask(line.poller, 'test-connection', { lineId, unitId, deadlineMs: deps.clock() + DEADLINE_MS, fleet: '' });
}
