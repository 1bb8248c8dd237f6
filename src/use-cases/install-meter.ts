import { z } from 'zod';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { findFlat, type FlatRow } from '../store/flats.ts';
import { insertInstallation } from '../store/installations.ts';
import { findLine } from '../store/lines.ts';
import { findModelByKey } from '../store/meter-models.ts';
import { findMeter, findMeterBySerial, insertMeter, updateMeter, type MeterRow, type Place } from '../store/meters.ts';
import { findPointNamed, freePoints, insertPoint } from '../store/points.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { cadenceField } from './change-meter.ts';
import { idField, nameField, parseInput, textField } from './input.ts';
import { withinCapacity } from './line-capacity.ts';
import { checkPlacement, datesOf, placementFields, settleMeterState } from './placement.ts';

export const installMeterInput = z.strictObject({
  flatId: idField,
  /** The point in the flat: taken if there is one of the name, made if not. */
  pointName: nameField(80).optional(),
  serial: nameField(80),
  modelKey: nameField(80),
  lineId: idField,
  description: textField(250).optional(),
  cadence: cadenceField.optional(),
  ...placementFields,
});

type Input = z.output<typeof installMeterInput>;

/** The meter of the serial: a new one, or one that was closed and comes back. */
export async function meterFor(
  tx: Db,
  actor: Actor,
  input: Pick<Input, 'serial' | 'description' | 'cadence'>,
  modelId: number,
): Promise<{ meter: { id: number; state: string }; places: Place[] }> {
  const { serial, description, cadence } = input;
  const known = await findMeterBySerial(tx, serial);
  if (known === null) {
    return { meter: await insertMeter(tx, { serial, modelId, description, cadence, state: 'closed' }), places: [] };
  }
  await lockRow(tx, 'meters', known.id);
  const own = await findMeter(tx, reach(actor, 'meter:change'), known.id);
  if (own === null || own.state !== 'closed') {
    throw new Conflict(say('serialInUse', serial), { fields: { serial: say('serialTaken') } });
  }
  if (own.modelId !== modelId) throw new InvalidInput({ modelKey: say('modelKnown', serial, own.model.key) });
  await updateMeter(tx, known.id, { description, cadence });
  return { meter: own, places: own.installations };
}

/** Where it hung before, else the flat's only point if it is free, else a new one. */
async function pointFor(tx: Db, flat: FlatRow, name: string | undefined, places: readonly Place[]): Promise<{ id: number }> {
  if (name !== undefined) return (await findPointNamed(tx, flat.id, name)) ?? insertPoint(tx, { flatId: flat.id, name });
  const { free, total } = await freePoints(tx, flat.id);
  const before = places.map((place) => place.pointId);
  const again = free.find((point) => before.includes(point.id)) ?? (total === 1 ? free[0] : undefined);
  if (again) return again;
  for (let number = total + 1; ; number += 1) {
    if ((await findPointNamed(tx, flat.id, `Point ${number}`)) === null)
      return insertPoint(tx, { flatId: flat.id, name: `Point ${number}` });
  }
}

/** Puts a meter into a flat: makes what is missing of point, meter and installation. */
export async function installMeter(deps: Deps, actor: Actor, input: z.input<typeof installMeterInput>): Promise<MeterRow> {
  return transact(deps.database.prisma, (tx) => installMeterOn(tx, deps, actor, input));
}

export async function installMeterOn(
  tx: Db,
  deps: Omit<Deps, 'database'>,
  actor: Actor,
  input: z.input<typeof installMeterInput>,
): Promise<MeterRow> {
  const wanted = parseInput(installMeterInput, input);
  const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), wanted.flatId), 'This flat');
  demand(actor, 'meter:change', { buildingId: flat.buildingId });
  demand(actor, 'installation:change', { buildingId: flat.buildingId });
  const line = await findLine(tx, reach(actor, 'line:read'), wanted.lineId);
  if (line === null || line.buildingId !== flat.buildingId) {
    throw new InvalidInput({ lineId: say('noSuchLine', flat.building.name) });
  }
  const model = await findModelByKey(tx, wanted.modelKey);
  if (model === null) throw new InvalidInput({ modelKey: say('noSuchModel', wanted.modelKey) });
  if (model.message !== null && line.transport !== 'push') throw new InvalidInput({ modelKey: say('modelPushes', wanted.modelKey) });
  const dates = datesOf(wanted, flat.building.zone);
  await lockRow(tx, 'flats', flat.id);
  await lockRow(tx, 'lines', line.id);
  const { meter, places } = await meterFor(tx, actor, wanted, model.id);
  const point = await pointFor(tx, flat, wanted.pointName, places);
  const now = new Date(deps.clock());
  const { unitId, ctRatio, ptRatio } = wanted;
  const placement = { pointId: point.id, meterId: meter.id, lineId: line.id, unitId, ...dates, createdAt: now };
  const running = await checkPlacement(tx, placement, now.getTime());
  await withinCapacity(tx, deps, { lineId: line.id, field: 'lineId' }, () =>
    insertInstallation(tx, { ...placement, ctRatio, ptRatio, running }),
  );
  await addDirty(tx, { pointId: point.id, fromMs: startOf(placement), toMs: now.getTime(), cause: 'installation' });
  await settleMeterState(tx, meter, now);
  await recordActivity(tx, actor, {
    action: 'install-meter',
    subject: `meter-${meter.id}`,
    detail: `${wanted.serial} in ${flat.name}, ${line.name} unit ${unitId}`,
  });
  return seen(await findMeter(tx, reach(actor, 'meter:read'), meter.id), 'This meter');
}
