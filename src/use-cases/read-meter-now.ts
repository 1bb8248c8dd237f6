import { reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Conflict } from '../errors.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { ReadNowReply } from '../queue/contract.ts';
import { recordActivity } from '../store/activities.ts';
import { findLine } from '../store/lines.ts';
import { findMeter } from '../store/meters.ts';
import { demand, seen, type Deps } from './access.ts';

const DEADLINE_MS = 10_000;

/** Reads a meter at once, outside its slots: the answer goes to the person and is not stored. */
export async function readMeterNow(
  { database, clock, adHoc }: Deps & { adHoc: Pick<AdHoc, 'ask'> },
  actor: Actor,
  { meterId, quantities }: { meterId: number; quantities?: string[] | undefined },
): Promise<ReadNowReply> {
  const meter = seen(await findMeter(database.prisma, reach(actor, 'meter:read'), meterId), 'This meter');
  const running = meter.installations.find((installation) => installation.running);
  if (!running) throw new Conflict(say('meterHangsNowhere'));
  demand(actor, 'meter:control', { buildingId: running.point.flat.buildingId });
  const line = seen(await findLine(database.prisma, reach(actor, 'line:read'), running.lineId), 'Its line');
  if (line.transport === 'push') throw new Conflict(say('meterPushes', meter.serial));
  const reply = await adHoc.ask(line.poller, 'read-now', {
    meterId,
    ...(quantities ? { quantities } : {}),
    deadlineMs: clock() + DEADLINE_MS,
    fleet: '',
  });
  await recordActivity(database.prisma, actor, { action: 'read-meter', subject: `meter-${meterId}`, detail: meter.serial });
  return reply;
}
