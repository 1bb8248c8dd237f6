import { z } from 'zod';
import { encodeRegister } from '../domain/encode-register.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { WriteReply, WrittenRegister } from '../queue/line-contract.ts';
import { recordActivity } from '../store/activities.ts';
import { findLine } from '../store/lines.ts';
import { findModel, toModel } from '../store/meter-models.ts';
import { findMeter } from '../store/meters.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, nameField, parseInput } from './input.ts';

const DEADLINE_MS = 15_000;

const input = z.strictObject({
  meterId: idField,
  quantity: nameField(64),
  value: z.number('must be a number'),
  /** For meters that ask for one before they take a value. */
  password: z.number('must be a number').nullable().optional(),
});

export type WriteDeps = Deps & { adHoc: Pick<AdHoc, 'ask'> };

/** Writes a register that the map of the meter's model marks writable, and reads it back. */
export async function writeRegister(deps: WriteDeps, actor: Actor, given: z.input<typeof input>): Promise<WriteReply> {
  const { meterId, quantity, value, password = null } = parseInput(input, given);
  const { prisma } = deps.database;
  const meter = seen(await findMeter(prisma, reach(actor, 'meter:read'), meterId), 'This meter');
  const running = meter.installations.find((installation) => installation.running);
  if (!running) throw new Conflict('This meter hangs nowhere: install it first.');
  demand(actor, 'register:write', { buildingId: running.point.flat.buildingId });
  const line = seen(await findLine(prisma, reach(actor, 'line:read'), running.lineId), 'Its line');
  const model = toModel(seen(await findModel(prisma, meter.modelId), 'Its model'));
  const spec = model.registers.find((register) => register.quantity === quantity);
  if (spec === undefined) throw new InvalidInput({ quantity: `${model.vendor} ${model.name} has no register ${quantity}` });
  const encoded = encodeRegister(spec, value);
  if (!encoded.ok) throw new InvalidInput({ value: encoded.problem });
  const deadlineMs = deps.clock() + DEADLINE_MS;
  const { lineId, unitId } = running;
  const reply = await deps.adHoc.ask(line.poller, 'write-registers', {
    lineId,
    unitId,
    modelId: meter.modelId,
    writes: [{ quantity, value }],
    password,
    deadlineMs,
    fleet: '',
  });
  const detail = reply.ok ? describeWritten(reply.written) : `${quantity} to ${value}, in vain: ${reply.reason}, ${reply.detail}`;
  await recordActivity(prisma, actor, { action: 'write-register', subject: `meter-${meterId}`, detail: `${meter.serial}: ${detail}` });
  return reply;
}

export function describeWritten(written: readonly WrittenRegister[]): string {
  return written.map(({ quantity, before, after }) => `${quantity}: ${before ?? 'unknown'} -> ${after ?? 'not read back'}`).join(', ');
}
