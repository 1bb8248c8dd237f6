import { z } from 'zod';
import { startOf } from '../domain/installation.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { countersUpTo, findInstallation, updateInstallation } from '../store/installations.ts';
import { findLine } from '../store/lines.ts';
import { findMeter, type Place } from '../store/meters.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, parseInput, wholeField } from './input.ts';
import { withinCapacity } from './line-capacity.ts';
import { checkPlacement, datesOf, placementFields, settleMeterState } from './placement.ts';

const counter = wholeField(0, Number.MAX_SAFE_INTEGER).nullable().optional();

export const changeInstallationInput = z
  .strictObject({
    lineId: idField,
    ...placementFields,
    firstImportWh: counter,
    firstExportWh: counter,
    lastImportWh: counter,
    lastExportWh: counter,
  })
  .partial();
const whole = changeInstallationInput.extend({ id: idField });

/** Of the last reading before the end; an end taken back takes them back, too. */
async function lastCounters(
  tx: Db,
  meterId: number,
  toAt: Date | null,
): Promise<{ lastImportWh: bigint | null; lastExportWh: bigint | null }> {
  const { importWh, exportWh } = toAt === null ? { importWh: null, exportWh: null } : await countersUpTo(tx, meterId, toAt);
  return { lastImportWh: importWh, lastExportWh: exportWh };
}

/** Where its counting may have become another one. */
function changedFrom(before: Place, after: Place): number {
  const ends = [before.toAt, after.toAt].flatMap((end) => (end === null ? [] : [end.getTime()]));
  const beginsAnew =
    startOf(before) !== startOf(after) ||
    before.firstImportWh !== after.firstImportWh ||
    before.firstExportWh !== after.firstExportWh ||
    before.ctRatio !== after.ctRatio ||
    before.ptRatio !== after.ptRatio;
  return beginsAnew ? Math.min(startOf(before), startOf(after)) : Math.min(Number.MAX_SAFE_INTEGER, ...ends);
}

/** Dates, line, unit id, ratios and counters. An end taken back lets it run again. */
export async function changeInstallation(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<Place> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const find = () => findInstallation(tx, reach(actor, 'installation:read'), id);
    const found = seen(await find(), 'This installation');
    const { flat } = found.point;
    demand(actor, 'installation:change', { buildingId: flat.buildingId });
    const lineId = wanted.lineId ?? found.lineId;
    await lockRow(tx, 'flats', flat.id);
    await lockRow(tx, 'lines', lineId);
    await lockRow(tx, 'meters', found.meterId);
    const installation = seen(await find(), 'This installation');
    if (wanted.lineId !== undefined) {
      const line = await findLine(tx, reach(actor, 'line:read'), lineId);
      if (line?.buildingId !== flat.buildingId) throw new InvalidInput({ lineId: `there is no such line in ${flat.building.name}` });
    }
    const given = datesOf(wanted, flat.building.zone);
    const changes = changesOf(installation, {
      ...wanted,
      fromAt: wanted.fromAt === undefined ? undefined : given.fromAt,
      toAt: wanted.toAt === undefined ? undefined : given.toAt,
    });
    if (changes === null) return installation;
    const now = new Date(deps.clock());
    const running = await checkPlacement(tx, { ...installation, ...changes }, now.getTime());
    const last = 'toAt' in changes ? await lastCounters(tx, installation.meterId, changes.toAt ?? null) : {};
    const changed = await withinCapacity(tx, deps, { lineId, field: 'lineId' }, () =>
      updateInstallation(tx, id, { ...last, ...changes, running }),
    );
    await addDirty(tx, {
      pointId: changed.pointId,
      fromMs: changedFrom(installation, changed),
      toMs: now.getTime(),
      cause: 'installation',
    });
    await settleMeterState(
      tx,
      seen(await findMeter(tx, reach(actor, 'installation:read'), found.meterId), 'This meter'),
      changed.toAt ?? now,
    );
    await recordActivity(tx, actor, {
      action: 'change-installation',
      subject: `installation-${id}`,
      detail: describeChanges(installation, changes),
    });
    return changed;
  });
}
