import { z } from 'zod';
import { meaningsOf } from '../domain/encode-register.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import type { Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import type { WriteReply } from '../queue/line-contract.ts';
import { recordActivity } from '../store/activities.ts';
import { runningInstallationAt } from '../store/installations.ts';
import { findModel, findModelByKey, toModel } from '../store/meter-models.ts';
import { demand, seen } from './access.ts';
import { changeInstallation } from './change-installation.ts';
import { idField, nameField, parseInput, wholeField } from './input.ts';
import { controlledLine } from './line-control.ts';
import { testConnection } from './test-connection.ts';
import { describeWritten, type WriteDeps } from './write-register.ts';

const DEADLINE_MS = 20_000;
const NODE = 'network_node';
const SPEED = 'network_baud';

const unit = wholeField(1, 247);
const setInput = z.strictObject({
  lineId: idField,
  unitId: unit,
  modelKey: nameField(80),
  newUnitId: unit,
  /** As the register of the model has it; empty to leave the speed as it is. */
  speed: z.number('must be a number').nullable().optional(),
  password: z.number('must be a number').nullable().optional(),
});
const findInput = z.strictObject({ lineId: idField, unitId: unit, newUnitId: unit });

export interface AddressableModel {
  id: number;
  key: string;
  name: string;
  speeds: { value: number; meaning: string }[];
  hasPassword: boolean;
  needsRestart: boolean;
}

/** What may be set of models that have a register for their unit id. */
export function addressable(model: MeterModel & { id: number }): AddressableModel | null {
  const register = (quantity: string) => model.registers.find((spec) => spec.quantity === quantity && spec.writable !== '');
  const node = register(NODE);
  if (node === undefined) return null;
  return {
    id: model.id,
    key: model.key,
    name: `${model.vendor} ${model.name}`,
    speeds: meaningsOf(register(SPEED)?.description ?? ''),
    hasPassword: register('password') !== undefined,
    needsRestart: node.description.includes('restart'),
  };
}

/**
 * Gives the one new meter of a bus another unit id, and another speed if wanted. Nothing changes in the house until the
 * meter was found again.
 */
export async function setAddress(
  deps: WriteDeps,
  actor: Actor,
  input: z.input<typeof setInput>,
): Promise<WriteReply & { needsRestart: boolean }> {
  const { lineId, unitId, modelKey, newUnitId, speed = null, password = null } = parseInput(setInput, input);
  const line = await controlledLine(deps, actor, lineId);
  demand(actor, 'register:write', { buildingId: line.buildingId });
  const { prisma } = deps.database;
  const known = await findModelByKey(prisma, modelKey);
  if (known === null) throw new InvalidInput({ modelKey: `there is no meter model ${modelKey}` });
  const model = addressable({ ...toModel(seen(await findModel(prisma, known.id), 'This model')), id: known.id });
  if (model === null)
    throw new InvalidInput({ modelKey: `the map of ${modelKey} has no register for the unit id: set it at the meter itself` });
  if (newUnitId === unitId && speed === null) throw new InvalidInput({ newUnitId: 'is the one it has already' });
  if (newUnitId !== unitId && speed !== null && !model.needsRestart) {
    throw new InvalidInput({ speed: 'this meter takes a change at once: set the unit id first, then the speed' });
  }
  await demandFree(deps, actor, { lineId, unitId, newUnitId });
  const there = await testConnection(deps, actor, { lineId, unitId });
  if (!there.ok)
    return {
      ok: false,
      reason: there.reason,
      detail: `unit ${unitId} does not answer: ${there.detail}`,
      latencyMs: there.latencyMs,
      written: [],
      needsRestart: false,
    };

  const writes = [
    ...(speed === null ? [] : [{ quantity: SPEED, value: speed }]),
    ...(newUnitId === unitId ? [] : [{ quantity: NODE, value: newUnitId }]),
  ];
  const deadlineMs = deps.clock() + DEADLINE_MS;
  const reply = await deps.adHoc.ask(line.poller, 'write-registers', {
    lineId,
    unitId,
    modelId: model.id,
    writes,
    password,
    deadlineMs,
    fleet: '',
  });
  const detail = `unit ${unitId}: ${[describeWritten(reply.written), ...(reply.ok ? [] : [`${reply.reason}, ${reply.detail}`])].filter(Boolean).join('; ')}`;
  await recordActivity(prisma, actor, { action: 'set-address', subject: `line-${lineId}`, detail });
  return { ...reply, needsRestart: model.needsRestart };
}

/** Neither installed there nor answering there. */
async function demandFree(deps: WriteDeps, actor: Actor, { lineId, unitId, newUnitId }: z.output<typeof findInput>): Promise<void> {
  if (newUnitId === unitId) return;
  const taken = await runningInstallationAt(deps.database.prisma, lineId, newUnitId);
  if (taken !== null)
    throw new Conflict(`Unit id ${newUnitId} belongs to ${taken.meter.serial} on this line.`, { fields: { newUnitId: 'is taken' } });
  const answer = await testConnection(deps, actor, { lineId, unitId: newUnitId });
  if (answer.ok)
    throw new Conflict(`Something answers under unit id ${newUnitId} already: two meters of one id cannot be told apart.`, {
      fields: { newUnitId: 'answers already' },
    });
  if (answer.reason === 'line-down' || answer.reason === 'not-here')
    throw new Conflict(`The line could not be asked whether ${newUnitId} is free: ${answer.detail}.`);
}

export type FoundAgain = { ok: true; latencyMs: number; meter: string | null } | { ok: false; reason: string; detail: string };

/** Asks for the meter under its new unit id. Only then its installation follows, if it has one. */
export async function findUnderNewAddress(deps: WriteDeps, actor: Actor, input: z.input<typeof findInput>): Promise<FoundAgain> {
  const { lineId, unitId, newUnitId } = parseInput(findInput, input);
  const line = await controlledLine(deps, actor, lineId);
  demand(actor, 'register:write', { buildingId: line.buildingId });
  const answer = await testConnection(deps, actor, { lineId, unitId: newUnitId });
  if (!answer.ok) return { ok: false, reason: answer.reason, detail: answer.detail };
  const installed = newUnitId === unitId ? null : await runningInstallationAt(deps.database.prisma, lineId, unitId);
  if (installed !== null) await changeInstallation(deps, actor, { id: installed.id, unitId: newUnitId });
  return { ok: true, latencyMs: answer.latencyMs, meter: installed?.meter.serial ?? null };
}
