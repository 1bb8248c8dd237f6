import { can, canSomewhere, reach, type Actor } from '../domain/permission.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { isPollerQueue } from '../queue/contract.ts';
import { leftToSettle } from '../store/dirty-windows.ts';
import { unknownSenders } from '../store/message-list.ts';
import {
  buildingsWithin,
  findingsWithin,
  flatsWithin,
  incidentsWithin,
  installationsWithin,
  linesWithin,
  metersWithin,
} from '../store/reach.ts';
import type { OfficeDeps } from './office-deps.ts';

const MOST = 20;
// What the next turn of the worker makes is no news.
const WORTH_TELLING_DAYS = 2;

const PLACE = { point: { select: { flat: { select: { name: true, building: { select: { name: true } } } } } } } as const;

type MeterAtFault = Prisma.MeterGetPayload<{
  select: { id: true; serial: true; stateSince: true; stateReason: true; stateDetail: true; installations: { select: typeof PLACE } };
}>;

function shown(meter: MeterAtFault) {
  const flat = meter.installations[0]?.point.flat;
  return {
    id: meter.id,
    serial: meter.serial,
    place: flat ? `${flat.building.name} · ${flat.name}` : '',
    since: meter.stateSince,
    reason: [meter.stateReason, meter.stateDetail].filter((part) => part !== '').join(': '),
  };
}

/** What needs attention, as far as the actor may see it. */
export async function whatNeedsAttention({ database, queues }: OfficeDeps, actor: Actor): Promise<object> {
  const { prisma } = database;
  const meters = reach(actor, 'meter:read');
  const inState = (state: 'silent' | 'new') =>
    prisma.meter.findMany({
      where: { AND: [{ state }, metersWithin(meters)] },
      orderBy: { stateSince: 'asc' },
      take: MOST,
      select: {
        id: true,
        serial: true,
        stateSince: true,
        stateReason: true,
        stateDetail: true,
        installations: { where: { AND: [{ running: true }, installationsWithin(meters)] }, select: PLACE },
      },
    });
  const countMeters = (state: Prisma.MeterWhereInput['state']) => prisma.meter.count({ where: { AND: [{ state }, metersWithin(meters)] } });
  const buildings = await prisma.building.findMany({
    where: buildingsWithin(reach(actor, 'building:read')),
    select: { id: true, name: true, demo: true },
  });
  const incidents = await prisma.incident.findMany({
    where: { AND: [{ closedAt: null }, incidentsWithin(reach(actor, 'incident:read'))] },
    orderBy: { openedAt: 'desc' },
    take: MOST,
  });
  const left = await leftToSettle(
    prisma,
    buildings.map(({ id }) => id),
  );
  const findings = await prisma.finding.count({ where: { AND: [{ closedAt: null }, findingsWithin(reach(actor, 'incident:read'))] } });
  const all = await countMeters({ not: 'closed' });
  return {
    firstSteps: all === 0 && canSomewhere(actor, 'meter:change') ? await firstSteps(database, actor, buildings.length) : null,
    demo: buildings
      .filter(({ demo }) => demo)
      .map(({ id, name }) => ({ id, name, mayRemove: can(actor, 'building:change', { buildingId: id }) })),
    settling: left
      .filter(({ days }) => days >= WORTH_TELLING_DAYS)
      .map(({ buildingId, points, days }) => ({
        name: buildings.find(({ id }) => id === buildingId)?.name ?? '',
        points,
        days: Math.round(days),
      })),
    meters: { all, ok: await countMeters('ok') },
    silent: (await inState('silent')).map(shown),
    neverRead: (await inState('new')).map(shown),
    incidents: incidents.map(({ id, title, openedAt, acknowledgedAt }) => ({ id, title, openedAt, acknowledged: acknowledgedAt !== null })),
    findings,
    unknownSenders: canSomewhere(actor, 'message:read') ? (await unknownSenders(prisma, reach(actor, 'message:read'))).length : 0,
    failedJobs: canSomewhere(actor, 'queue:read') ? await failedJobs(queues) : null,
    unsentMails: canSomewhere(actor, 'mail:read') ? await unsentMails(database) : null,
  };
}

async function firstSteps({ prisma }: OfficeDeps['database'], actor: Actor, buildings: number): Promise<Record<string, number>> {
  const flats = await prisma.flat.count({ where: flatsWithin(reach(actor, 'flat:read')) });
  const lines = await prisma.line.count({ where: linesWithin(reach(actor, 'line:read')) });
  return { buildings, flats, lines, meters: 0 };
}

/** A read that fails is told by its meter, which is silent or answers again by now. */
function failedJobs(queues: OfficeDeps['queues']): Promise<{ queue: string; failed: number }[]> {
  const others = queues.filter((queue) => !isPollerQueue(queue.name));
  return Promise.all(others.map(async (queue) => ({ queue: queue.name, failed: await queue.getFailedCount() })));
}

async function unsentMails({ prisma }: OfficeDeps['database']): Promise<{ waiting: number; failing: number }> {
  const waiting = await prisma.mailOutbox.count({ where: { sentAt: null } });
  const failing = await prisma.mailOutbox.count({ where: { sentAt: null, attempts: { gt: 0 } } });
  return { waiting, failing };
}
