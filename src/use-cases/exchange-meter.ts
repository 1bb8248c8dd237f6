import { z } from 'zod';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { countersUpTo, insertInstallation, runningInstallation, updateInstallation } from '../store/installations.ts';
import { findLine } from '../store/lines.ts';
import { findMeter, updateMeter, type MeterRow, type Place } from '../store/meters.ts';
import { moveModbusUnits } from '../store/modbus-units.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { modelIdOf } from './change-meter.ts';
import { idField, momentField, momentOf, nameField, parseInput, positiveField, textField, wholeField } from './input.ts';
import { meterFor } from './install-meter.ts';
import { checkPlacement, settleMeterState } from './placement.ts';

const counter = wholeField(0, Number.MAX_SAFE_INTEGER).optional();

export const exchangeMeterInput = z.strictObject({
  /** Now by default. */
  at: momentField.optional(),
  /** What the old one showed at the end; its last reading by default. */
  finalImportWh: counter,
  finalExportWh: counter,
  serial: nameField(80),
  /** That of the old one by default. */
  modelKey: nameField(80).optional(),
  /** What the new one showed at the beginning; 0 by default. */
  firstImportWh: counter,
  firstExportWh: counter,
  /** Where the old one hung by default. */
  lineId: idField.optional(),
  unitId: wholeField(1, 247).optional(),
  ctRatio: positiveField(1_000_000).optional(),
  ptRatio: positiveField(1_000_000).optional(),
  description: textField(250).optional(),
});
const whole = exchangeMeterInput.extend({ id: idField });
type Wanted = z.output<typeof whole>;

function momentOfExchange({ at }: Wanted, running: Place, nowMs: number): Date {
  const moment = at === undefined ? new Date(nowMs) : momentOf('at', at, running.point.flat.building.zone);
  if (moment.getTime() > nowMs) throw new InvalidInput({ at: 'must not lie ahead: enter the exchange once it is done' });
  if (moment.getTime() <= startOf(running)) {
    throw new InvalidInput({ at: `must be after the old meter came, ${new Date(startOf(running)).toISOString()}` });
  }
  return moment;
}

/** A counter at the end is not less than what was read before. */
function finalCounter(field: string, given: number | undefined, read: bigint | null): bigint | null {
  if (given === undefined) return read;
  if (read !== null && BigInt(given) < read) {
    const kwh = (Number(read) / 1_000).toFixed(3);
    throw new InvalidInput({
      [field]: `the final counter must be at least ${read} Wh (${kwh} kWh), which was read before; check the moment and the number`,
    });
  }
  return BigInt(given);
}

async function endOld(tx: Db, wanted: Wanted, running: Place, at: Date): Promise<void> {
  const read = await countersUpTo(tx, wanted.id, at);
  const importWh = finalCounter('finalImportWh', wanted.finalImportWh, read.importWh);
  const exportWh = finalCounter('finalExportWh', wanted.finalExportWh, read.exportWh);
  await updateInstallation(tx, running.id, { toAt: at, running: false, lastImportWh: importWh, lastExportWh: exportWh });
}

/** The old meter ends and the new one begins at one moment, with their counters: the energy of the point stays whole. */
export async function exchangeMeter(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<MeterRow> {
  const wanted = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const find = (id: number) => findMeter(tx, reach(actor, 'meter:read'), id);
    const known = await runningOf(tx, seen(await find(wanted.id), 'This meter'));
    const { flat } = known.point;
    demand(actor, 'meter:change', { buildingId: flat.buildingId });
    demand(actor, 'installation:change', { buildingId: flat.buildingId });
    const lineId = wanted.lineId ?? known.lineId;
    await lockRow(tx, 'flats', flat.id);
    await lockRow(tx, 'lines', lineId);
    await lockRow(tx, 'meters', wanted.id);
    const old = seen(await find(wanted.id), 'This meter');
    const running = await runningOf(tx, old);
    if ((await findLine(tx, reach(actor, 'line:read'), lineId))?.buildingId !== flat.buildingId) {
      throw new InvalidInput({ lineId: `there is no such line in ${flat.building.name}` });
    }
    const now = new Date(deps.clock());
    const at = momentOfExchange(wanted, running, now.getTime());
    if (wanted.serial === old.serial) throw new InvalidInput({ serial: 'is that of the old meter' });
    await endOld(tx, wanted, running, at);
    await settleMeterState(tx, old, at);
    await updateMeter(tx, old.id, { stateReason: 'exchanged' });
    const modelId = wanted.modelKey === undefined ? old.modelId : await modelIdOf(tx, wanted.modelKey);
    const { serial, description = old.description } = wanted;
    const { meter } = await meterFor(tx, actor, { serial, description, cadence: old.cadence }, modelId);
    const unitId = wanted.unitId ?? running.unitId;
    const placement = { pointId: running.pointId, meterId: meter.id, lineId, unitId, fromAt: at, toAt: null, createdAt: now };
    await checkPlacement(tx, placement, now.getTime());
    await insertInstallation(tx, {
      ...placement,
      running: true,
      ctRatio: wanted.ctRatio ?? running.ctRatio,
      ptRatio: wanted.ptRatio ?? running.ptRatio,
      firstImportWh: BigInt(wanted.firstImportWh ?? 0),
      firstExportWh: BigInt(wanted.firstExportWh ?? 0),
    });
    await settleMeterState(tx, meter, at);
    await moveModbusUnits(tx, { buildingId: flat.buildingId, fromMeterId: old.id, toMeterId: meter.id });
    await addDirty(tx, { pointId: running.pointId, fromMs: at.getTime(), toMs: now.getTime(), cause: 'installation' });
    await recordActivity(tx, actor, {
      action: 'exchange-meter',
      subject: `meter-${old.id}`,
      detail: `${old.serial} for ${serial} in ${flat.name} at ${at.toISOString()}`,
    });
    return seen(await find(meter.id), 'This meter');
  });
}

async function runningOf(tx: Db, { id }: { id: number }): Promise<Place> {
  const running = await runningInstallation(tx, id);
  if (running === null) throw new Conflict('This meter is closed already: there is nothing to exchange.');
  return running;
}
