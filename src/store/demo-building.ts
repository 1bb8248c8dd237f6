import type { Pool } from 'mariadb';
import type { Db } from './prisma-transaction.ts';
import { inTransaction } from './transaction.ts';

export interface DemoRemains {
  buildingId: number;
  name: string;
  meters: { id: number; serial: string }[];
  pointIds: number[];
}

/** Meters that also hang in another building are not the demo's. */
export async function findDemoBuilding(db: Db): Promise<DemoRemains | null> {
  const building = await db.building.findFirst({ where: { demo: true }, select: { id: true, name: true } });
  if (!building) return null;
  const here = { point: { flat: { buildingId: building.id } } };
  const meters = await db.meter.findMany({
    where: { installations: { some: here, none: { NOT: here } } },
    select: { id: true, serial: true },
    orderBy: { id: 'asc' },
  });
  const points = await db.point.findMany({ where: { flat: { buildingId: building.id } }, select: { id: true } });
  return { buildingId: building.id, name: building.name, meters, pointIds: points.map(({ id }) => id) };
}

/** Meter by meter, so that no transaction grows with the history. */
export async function deleteMeterHistory(pool: Pool, meterId: number): Promise<{ readings: number; gaps: number }> {
  return inTransaction(pool, async (connection) => {
    const readings = await connection.query('DELETE FROM readings WHERE meter_id = ?', [meterId]);
    const gaps = await connection.query('DELETE FROM gaps WHERE meter_id = ?', [meterId]);
    return { readings: readings.affectedRows, gaps: gaps.affectedRows };
  });
}

/** Point by point for the same reason: what was made of the readings. Whoever settles the point waits, or is waited for. */
export async function deletePointHistory(pool: Pool, pointId: number): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await connection.query('SELECT id FROM points WHERE id = ? FOR UPDATE', [pointId]);
    for (const table of ['dirty_windows', 'intervals', 'energy_hours', 'energy_days', 'energy_months']) {
      await connection.query(`DELETE FROM ${table} WHERE point_id = ?`, [pointId]);
    }
  });
}

export interface DeletedRows {
  flats: number;
  meters: number;
  lines: number;
  tenancies: number;
  incidents: number;
  users: number;
}

/** Everything of the building that people see, and the given users. */
export async function deleteDemoRows(tx: Db, demo: DemoRemains, userIds: readonly number[]): Promise<DeletedRows> {
  const { buildingId } = demo;
  const meterIds = demo.meters.map((meter) => meter.id);
  const inBuilding = { flat: { buildingId } };
  await tx.bill.updateMany({ where: { buildingId }, data: { correctsId: null } });
  await tx.bill.deleteMany({ where: { buildingId } });
  await tx.billRun.deleteMany({ where: { buildingId } });
  await tx.tariff.deleteMany({ where: { buildingId } });
  await tx.pointTerm.deleteMany({ where: { point: inBuilding } });
  await tx.correction.deleteMany({ where: { point: inBuilding } });
  await tx.installation.deleteMany({ where: { point: inBuilding } });
  await tx.userMeter.deleteMany({ where: { meterId: { in: meterIds } } });
  const meters = await tx.meter.deleteMany({ where: { id: { in: meterIds } } });
  const tenancies = await tx.tenancy.deleteMany({ where: inBuilding });
  await tx.point.deleteMany({ where: inBuilding });
  const flats = await tx.flat.deleteMany({ where: { buildingId } });
  const lines = await tx.line.deleteMany({ where: { buildingId } });
  await tx.mailOutbox.deleteMany({ where: { incident: { buildingId } } });
  const incidents = await tx.incident.deleteMany({ where: { buildingId } });
  await tx.building.delete({ where: { id: buildingId } });
  const users = await tx.user.deleteMany({ where: { id: { in: [...userIds] } } });
  return {
    flats: flats.count,
    meters: meters.count,
    lines: lines.count,
    tenancies: tenancies.count,
    incidents: incidents.count,
    users: users.count,
  };
}
