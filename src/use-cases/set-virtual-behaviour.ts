import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import type { Behaviour } from '../domain/virtual-behaviour.ts';
import { Conflict } from '../errors.ts';
import { behaviourSchema, publishBehaviour } from '../queue/virtual-behaviour.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { runningInstallation } from '../store/installations.ts';
import { findMeter } from '../store/meters.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput } from './input.ts';

const setVirtualBehaviourInput = z.strictObject({ meterId: idField, behaviour: behaviourSchema });

/** Pulls the plug of a virtual meter, or puts it back. A meter of a real building has none that we could pull. */
export async function setVirtualBehaviour(
  deps: Deps & { redis: Redis },
  actor: Actor,
  input: z.input<typeof setVirtualBehaviourInput>,
): Promise<{ serial: string; behaviour: Behaviour }> {
  const { meterId, behaviour } = parseInput(setVirtualBehaviourInput, input);
  const { prisma } = deps.database;
  const { serial } = seen(await findMeter(prisma, reach(actor, 'meter:read'), meterId), 'This meter');
  const buildingId = (await runningInstallation(prisma, meterId))?.point.flat.buildingId ?? null;
  demand(actor, 'meter:control', { meterId, buildingId });
  const building = buildingId === null ? null : await findBuilding(prisma, reach(actor, 'meter:control'), buildingId);
  if (!building?.demo) throw new Conflict('Only a virtual meter of the demo building can be unplugged from here.');
  await publishBehaviour(deps.redis, serial, behaviour);
  await recordActivity(prisma, actor, {
    action: 'set-virtual-behaviour',
    subject: `meter-${meterId}`,
    detail: `${serial}: ${behaviour.kind}`,
  });
  return { serial, behaviour };
}
