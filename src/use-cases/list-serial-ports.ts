import { canSomewhere, type Actor } from '../domain/permission.ts';
import { Forbidden } from '../errors.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { SerialPortsReply } from '../queue/contract.ts';

const DEADLINE_MS = 5_000;

/** The serial ports of the machine on which that poller runs, for who may put a line on one. */
export async function listSerialPorts(
  { clock, adHoc }: { clock: () => number; adHoc: Pick<AdHoc, 'ask'> },
  actor: Actor,
  { poller }: { poller: string },
): Promise<SerialPortsReply> {
  if (!canSomewhere(actor, 'line:change')) throw new Forbidden();
  return adHoc.ask(poller, 'list-serial-ports', { deadlineMs: clock() + DEADLINE_MS });
}
