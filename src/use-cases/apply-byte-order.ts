import { z } from 'zod';
import { withDecoding } from '../domain/byte-order-detective.ts';
import { REGISTER_TYPES } from '../domain/meter-model.ts';
import type { Actor } from '../domain/permission.ts';
import { checkRegisters } from '../domain/register-check.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findModel, toModel, writeModel } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, nameField, parseInput } from './input.ts';

const order = z.enum(['big', 'little'], 'must be big or little');
const layout = z.object({ wordOrder: order, byteOrder: order, type: z.enum(REGISTER_TYPES) });
const UNITS = ['V', 'A', 'W', 'var', 'VA', '', 'Hz', 'Wh', 'varh'] as const;

const input = z.strictObject({
  modelId: idField,
  changes: z.array(z.object({ quantities: z.array(nameField(64)).min(1).max(500), to: layout })).max(40),
  scales: z.array(z.strictObject({ unit: z.enum(UNITS), factor: z.number().min(1e-9).max(1e9) })).max(UNITS.length),
});

/** Takes over what the detective found: every meter of the model is read so from its next slot on. */
export async function applyByteOrder(deps: Deps, actor: Actor, given: z.input<typeof input>): Promise<{ registers: number }> {
  const { modelId, changes, scales } = parseInput(input, given);
  return transact(deps.database.prisma, async (tx) => {
    const model = toModel(seen(await findModel(tx, modelId), 'This model'));
    demand(actor, 'model:change');
    const registers = withDecoding(model.registers, { changes, scales });
    const [problem] = checkRegisters({ ...model, registers });
    if (problem !== undefined)
      throw new InvalidInput({ changes: `${registers[problem.index]?.quantity}: ${problem.field} ${problem.problem}` });
    const changed = registers.filter((spec, index) => JSON.stringify(spec) !== JSON.stringify(model.registers[index]));
    await writeModel(tx, { ...model, registers });
    const told = changed.map(
      ({ quantity, type, wordOrder, byteOrder, scale }) => `${quantity} ${type} words ${wordOrder} bytes ${byteOrder} x ${scale}`,
    );
    await recordActivity(tx, actor, {
      action: 'apply-byte-order',
      subject: `model-${modelId}`,
      detail: `${model.key}: ${told.join(', ')}`,
    });
    return { registers: changed.length };
  });
}
