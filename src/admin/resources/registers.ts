import { isDoubtful } from '../../domain/meter-model.ts';
import type { Actor } from '../../domain/permission.ts';
import { checkRegisters } from '../../domain/register-check.ts';
import { Conflict, InvalidInput } from '../../errors.ts';
import type { Register } from '../../generated/prisma/client.ts';
import { recordActivity } from '../../store/activities.ts';
import { findModel, toRegister } from '../../store/meter-models.ts';
import { transact, type Db } from '../../store/prisma-transaction.ts';
import { recounting } from '../../store/recounting.ts';
import { everywhereOnly } from '../../store/reach.ts';
import { demand, seen, type Deps } from '../../use-cases/access.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Input } from '../row.ts';
import { anyReach } from './meter-models.ts';
import { CHANGED } from './words.ts';

const PLACE = ['quantity', 'unit', 'address', 'function', 'type', 'words', 'wordOrder', 'byteOrder'];
const MEANING = ['scale', 'scaleBy', 'offset', 'invalid', 'ratio', 'counter', 'writable', 'description', 'source'];

/** A model is read only when nothing is wrong with its registers, so nothing wrong is kept. */
async function checkModel(tx: Db, modelId: number, registerId: number | null): Promise<void> {
  const model = seen(await findModel(tx, modelId), 'This meter model');
  const [problem] = checkRegisters({ maxRegisters: model.maxRegisters, registers: model.registers.map(toRegister) });
  if (!problem) {
    // So that whoever holds a picture of the fleet sees that the registers changed.
    await tx.meterModel.update({ where: { id: modelId }, data: { updatedAt: new Date() } });
    return;
  }
  const wrong = model.registers[problem.index];
  if (wrong?.id === registerId) throw new InvalidInput({ [problem.field]: problem.problem });
  throw new Conflict(`${wrong?.quantity}: ${problem.field} ${problem.problem}`);
}

export function registers(deps: Deps): ResourceSpec {
  function write<T>(actor: Actor, modelOf: (tx: Db) => Promise<number>, work: (tx: Db) => Promise<T>): Promise<T> {
    demand(actor, 'model:change');
    return transact(deps.database.prisma, async (tx) => recounting(tx, [await modelOf(tx)], () => work(tx)));
  }
  const modelOf = (id: number | string) => async (tx: Db) =>
    seen(await tx.register.findUnique({ where: { id: Number(id) }, select: { modelId: true } }), 'This register').modelId;
  const activity = (action: string, row: Register, detail: string) => ({ action, subject: `model-${row.modelId}`, detail });
  const named = (input: Input): string => Object.keys(input).join(', ');

  return {
    id: 'registers',
    model: 'Register',
    label: 'Registers',
    one: 'Register',
    group: 'Metering',
    title: 'quantity',
    read: 'model:read',
    change: 'model:change',
    within: anyReach,
    withinChange: everywhereOnly,
    list: ['modelId', 'quantity', 'unit', 'function', 'address', 'type', 'scale', 'counter', 'warning'],
    show: ['modelId', 'warning', ...PLACE, ...MEANING, 'updatedAt'],
    filter: ['modelId', 'quantity', 'function', 'counter'],
    create: ['modelId', ...PLACE, ...MEANING],
    edit: [...PLACE, ...MEANING],
    remove: true,
    sort: { by: 'id', direction: 'asc' },
    fields: {
      modelId: { label: 'Meter model' },
      quantity: { help: 'A standard quantity such as active_power_total, or any other name for a value that is only kept.' },
      unit: { help: 'On the wire after scale and offset, such as kWh.' },
      address: { help: 'Zero-based, as it goes over the wire.' },
      function: { help: '3 for holding, 4 for input registers, 1 and 2 for bits.' },
      words: { help: 'How many 16-bit registers it takes.' },
      wordOrder: { label: 'Word order' },
      byteOrder: { label: 'Byte order' },
      scale: { help: 'Value = raw × scale + offset. Empty for 1.' },
      scaleBy: {
        label: 'Scaled by',
        help: 'Another register of this model, an int16 that tells the power of ten, as SunSpec meters have it. Empty for none.',
      },
      offset: { help: 'Empty for 0.' },
      invalid: { label: 'No value', help: 'Raw words in hexadecimal that mean "no value", several separated by a bar.' },
      ratio: {
        label: 'Lacks ratio',
        help: 'Which transformer ratio the value on the wire still lacks.',
        values: ['none', 'ct', 'pt', 'ct_pt'].map((value) => ({ value, label: value.replace('_', ' × ') })),
      },
      counter: { help: 'Only for energies: counts for ever, since midnight, or since it was last read.' },
      writable: { help: 'Allowed values when it may be written, such as 1..247. Empty for read-only.' },
      description: { help: 'Begins with "Doubtful: " where the register is inferred, or where sources disagree.' },
      source: { help: 'Where it is known from: manual, page.' },
      updatedAt: CHANGED,
    },
    computed: {
      warning: {
        label: 'Warning',
        select: () => ({ description: true }),
        value: (row) => (isDoubtful(row as { description: string }) ? 'Doubtful: compare with the display of the meter' : ''),
      },
    },
    onCreate: (actor, input) =>
      write(
        actor,
        () => Promise.resolve(Number(input['modelId'])),
        async (tx) => {
          const row = await tx.register.create({ data: input as never });
          await checkModel(tx, row.modelId, row.id);
          await recordActivity(tx, actor, activity('create-register', row, row.quantity));
          return row.id;
        },
      ),
    onEdit: (actor, id, input) =>
      write(actor, modelOf(id), async (tx) => {
        const row = await tx.register.update({ where: { id: Number(id) }, data: input });
        await checkModel(tx, row.modelId, row.id);
        await recordActivity(tx, actor, activity('change-register', row, `${row.quantity}: ${named(input)}`));
      }),
    onRemove: (actor, id) =>
      write(actor, modelOf(id), async (tx) => {
        const row = await tx.register.delete({ where: { id: Number(id) } });
        await checkModel(tx, row.modelId, null);
        await recordActivity(tx, actor, activity('delete-register', row, row.quantity));
      }),
  };
}
