import { localDay, parseMoment } from '../domain/time-bucket.ts';
import { DEMO_BUILDING, type DemoFlat, type DemoMeter, type DemoPlan } from '../simulator/demo-plan.ts';
import { EXCHANGED_FLAT, NEW_PARTY, TENANT_FLAT, type DemoHousehold } from '../simulator/demo-flats.ts';
import { insertBuilding } from '../store/buildings.ts';
import { insertFlat } from '../store/flats.ts';
import { insertInstallation } from '../store/installations.ts';
import { insertLine } from '../store/lines.ts';
import { findModelByKey } from '../store/meter-models.ts';
import { insertMeter } from '../store/meters.ts';
import { insertPoint } from '../store/points.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { insertTenancy } from '../store/tenancies.ts';

/** A meter of the demo as it stands in the database, with what its display said at both ends. */
export interface WrittenMeter {
  meter: DemoMeter;
  meterId: number;
  lineId: number;
  port: number;
}

interface Counters {
  importWh: number;
  exportWh: number;
}

interface Wanted {
  plan: DemoPlan;
  ports: readonly number[];
  /** What a meter's display says at a moment. */
  shown(meter: DemoMeter, ms: number): Counters;
}

export async function writeDemoBuilding(tx: Db): Promise<number> {
  return (await insertBuilding(tx, { ...DEMO_BUILDING, demo: true })).id;
}

export async function writeDemoRows(tx: Db, buildingId: number, tenantUserId: number, wanted: Wanted): Promise<WrittenMeter[]> {
  const lines = new Map<string, { lineId: number; port: number }>();
  for (const [index, name] of wanted.plan.lines.entries()) {
    const port = wanted.ports[index]!;
    const line = await insertLine(tx, { buildingId, name, transport: 'tcp', host: '127.0.0.1', port, timeoutMs: 500, retries: 1 });
    lines.set(name, { lineId: line.id, port });
  }
  const written: WrittenMeter[] = [];
  for (const flat of wanted.plan.flats) {
    const { id: flatId } = await insertFlat(tx, { buildingId, name: flat.name, kind: flat.kind, areaM2: flat.areaM2 });
    const { hourlyLimitKwh, maxPowerW } = flat;
    const point = await insertPoint(tx, { flatId, name: 'Electricity', hourlyLimitKwh, maxPowerW });
    for (const meter of flat.meters) written.push(await writeMeter(tx, point.id, meter, lines.get(meter.line)!, wanted));
    if (flat.household) await writeTenancies(tx, flatId, flat, flat.household, tenantUserId, wanted.plan.history.toMs);
  }
  return written;
}

type LineAt = { lineId: number; port: number };

async function writeMeter(tx: Db, pointId: number, meter: DemoMeter, line: LineAt, { plan, shown }: Wanted): Promise<WrittenMeter> {
  const { serial, description, fromMs, toMs, unitId } = meter;
  const model = await findModelByKey(tx, meter.model);
  if (!model) throw new Error(`The device library has no ${meter.model}.`);
  const row = await insertMeter(tx, {
    serial,
    description,
    modelId: model.id,
    state: toMs === null ? 'ok' : 'closed',
    stateSince: new Date(toMs ?? plan.history.toMs),
    stateReason: toMs === null ? '' : 'exchanged',
  });
  const first = shown(meter, fromMs);
  const last = toMs === null ? null : shown(meter, toMs);
  await insertInstallation(tx, {
    pointId,
    meterId: row.id,
    lineId: line.lineId,
    unitId,
    fromAt: new Date(fromMs),
    toAt: toMs === null ? null : new Date(toMs),
    running: toMs === null,
    firstImportWh: first.importWh,
    firstExportWh: first.exportWh,
    lastImportWh: last?.importWh ?? null,
    lastExportWh: last?.exportWh ?? null,
  });
  return { meter, meterId: row.id, ...line };
}

async function writeTenancies(
  tx: Db,
  flatId: number,
  flat: DemoFlat,
  { party, since }: DemoHousehold,
  tenantUserId: number,
  nowMs: number,
): Promise<void> {
  const address = `${DEMO_BUILDING.address}, ${flat.name}`;
  const movedAt = flat.name === EXCHANGED_FLAT ? firstOfMonth(nowMs, NEW_PARTY.monthsAgo) : null;
  const users = flat.name === TENANT_FLAT ? [tenantUserId] : [];
  await insertTenancy(tx, { flatId, name: party, address, email: mailOf(party), fromAt: localMidnight(since), toAt: movedAt }, users);
  if (movedAt === null) return;
  await insertTenancy(tx, { flatId, name: NEW_PARTY.name, address, email: mailOf(NEW_PARTY.name), fromAt: movedAt }, []);
}

function mailOf(party: string): string {
  return `${party.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.org`;
}

function localMidnight(day: string): Date {
  return new Date(parseMoment(day, DEMO_BUILDING.zone)!);
}

function firstOfMonth(nowMs: number, monthsAgo: number): Date {
  const [year, month] = localDay(nowMs, DEMO_BUILDING.zone).split('-').map(Number);
  return localMidnight(new Date(Date.UTC(year!, month! - 1 - monthsAgo, 1)).toISOString().slice(0, 10));
}
