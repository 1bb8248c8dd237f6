import { meaningsOf } from '../../domain/encode-register.ts';
import { BAUD_RATES } from '../../domain/line-place.ts';
import { reach, type Actor } from '../../domain/permission.ts';
import { describeWritable } from '../../domain/writable.ts';
import { InvalidInput } from '../../errors.ts';
import { askedModels, findModel, toModel } from '../../store/meter-models.ts';
import { findMeter } from '../../store/meters.ts';
import { findLine } from '../../store/lines.ts';
import { seen } from '../../use-cases/access.ts';
import { changeLine } from '../../use-cases/change-line.ts';
import { addressable, findUnderNewAddress, setAddress, type AddressableModel } from '../../use-cases/set-address.ts';
import { writeRegister } from '../../use-cases/write-register.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { Row } from '../row.ts';
import type { ActionResult, ActionSpec } from './action-spec.ts';
import { numberIn } from './scan-action.ts';

const PASSWORD = 'password';

/** Empty for none. */
function numberOrNone(text: string | undefined): number | null {
  return text === undefined || text.trim() === '' ? null : numberIn(text);
}

export function writeRegisterAction(deps: OfficeDeps, isFor: (row: Row) => boolean): ActionSpec {
  async function writable(actor: Actor, meterId: number) {
    const meter = seen(await findMeter(deps.database.prisma, reach(actor, 'meter:read'), meterId), 'This meter');
    const model = toModel(seen(await findModel(deps.database.prisma, meter.modelId), 'Its model'));
    const registers = model.registers.filter((spec) => spec.writable !== '');
    return {
      model: `${model.vendor} ${model.name}`,
      hasPassword: registers.some(({ quantity }) => quantity === PASSWORD),
      registers: registers
        .filter(({ quantity }) => quantity !== PASSWORD)
        .map(({ quantity, unit, writable: values, description, address }) => ({
          quantity,
          unit,
          address,
          description,
          allowed: describeWritable(values),
          meanings: meaningsOf(description),
        })),
    };
  }

  return {
    name: 'writeRegister',
    label: 'Write a register',
    icon: 'Edit3',
    component: 'WriteRegister',
    permission: 'register:write',
    input: ['step', 'quantity', 'value', 'password', 'confirm'],
    isFor,
    async run(actor, meterId, { step, quantity = '', value, password, confirm }) {
      if (step === 'list') return { message: '', data: await writable(actor, meterId) };
      if (confirm !== 'true') throw new InvalidInput({ confirm: 'Confirm that the meter is to be changed.' });
      const reply = await writeRegister(deps, actor, { meterId, quantity, value: numberIn(value), password: numberOrNone(password) });
      return { message: reply.ok ? 'Written, and read back.' : 'It was not written.', bad: !reply.ok, data: { reply } };
    },
  };
}

/** Of a line for a new meter; of a meter that is installed it knows where it is. */
export function setAddressAction(
  deps: OfficeDeps,
  placeOf: (actor: Actor, id: number) => Promise<{ lineId: number; unitId: number | null; modelId: number | null }>,
  isFor?: (row: Row) => boolean,
): ActionSpec {
  const models = async (): Promise<AddressableModel[]> => {
    const rows = await deps.database.prisma.meterModel.findMany({ select: { id: true, key: true } });
    const idOf = new Map(rows.map(({ id, key }) => [key, id]));
    return (await askedModels(deps.database.prisma)).flatMap((model) => addressable({ ...model, id: idOf.get(model.key) ?? 0 }) ?? []);
  };

  const lineBaudRate = async (actor: Actor, lineId: number): Promise<number | null> =>
    seen(await findLine(deps.database.prisma, reach(actor, 'line:read'), lineId), 'This line').baudRate;

  return {
    name: 'setAddress',
    label: 'Set address and speed',
    icon: 'Hash',
    component: 'SetAddress',
    permission: 'register:write',
    input: ['step', 'unitId', 'modelKey', 'newUnitId', 'speed', 'password', 'alone', 'baudRate'],
    ...(isFor ? { isFor } : {}),
    async run(actor, id, { step, unitId, modelKey = '', newUnitId, speed, password, alone, baudRate }): Promise<ActionResult> {
      const { lineId, ...place } = await placeOf(actor, id);
      if (step === 'list')
        return { message: '', data: { models: await models(), lineBaudRate: await lineBaudRate(actor, lineId), ...place } };
      if (step === 'line') {
        const rate = BAUD_RATES.find((known) => String(known) === baudRate);
        if (rate === undefined) throw new InvalidInput({ baudRate: `must be one of ${BAUD_RATES.join(', ')}` });
        const line = await changeLine(deps, actor, { id: lineId, baudRate: rate });
        return {
          message: `${line.name} is read with ${line.baudRate} baud from its next round on.`,
          data: { lineBaudRate: line.baudRate },
        };
      }
      const units = { lineId, unitId: numberIn(unitId), newUnitId: numberIn(newUnitId) };
      if (step === 'find') {
        const found = await findUnderNewAddress(deps, actor, units);
        return {
          message: found.ok ? `Unit ${units.newUnitId} answers.` : 'It does not answer under its new unit id yet.',
          bad: !found.ok,
          data: { found },
        };
      }
      if (alone !== 'true') throw new InvalidInput({ alone: 'Confirm that no other new meter is on the bus.' });
      const reply = await setAddress(deps, actor, { ...units, modelKey, speed: numberOrNone(speed), password: numberOrNone(password) });
      return { message: reply.ok ? 'The meter took it.' : 'It was not written.', bad: !reply.ok, data: { reply } };
    },
  };
}
