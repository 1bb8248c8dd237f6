import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { checkPhysics, type PhysicsCheck } from '../domain/physics.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { ReadNowReply } from '../queue/contract.ts';
import { findModelByKey } from '../store/meter-models.ts';
import type { Deps } from './access.ts';
import { idField, nameField, parseInput, wholeField } from './input.ts';
import { controlledLine } from './line-control.ts';

const DEADLINE_MS = 15_000;

export const tryModelInput = z.strictObject({ unitId: wholeField(1, 247), modelKey: nameField(80) });
const whole = tryModelInput.extend({ lineId: idField });

/** What was read, and whether physics believes it. */
export type TestRead = ReadNowReply & { checks: PhysicsCheck[] };

/** Reads a unit with a model before anything is saved. */
export async function tryModel(deps: Deps & { adHoc: Pick<AdHoc, 'ask'> }, actor: Actor, input: z.input<typeof whole>): Promise<TestRead> {
  const { lineId, unitId, modelKey } = parseInput(whole, input);
  const line = await controlledLine(deps, actor, lineId);
  const model = await findModelByKey(deps.database.prisma, modelKey);
  if (model === null) throw new InvalidInput({ modelKey: say('noSuchModel', modelKey) });
  const deadlineMs = deps.clock() + DEADLINE_MS;
  const reply = await deps.adHoc.ask(line.poller, 'try-model', { lineId, unitId, modelId: model.id, deadlineMs, fleet: '' });
  return { ...reply, checks: reply.ok ? checkPhysics([{ atMs: Date.parse(reply.takenAt), values: reply.values }], { pt: 1 }) : [] };
}
