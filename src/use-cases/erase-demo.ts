import { removeVirtualMeterFile } from '../simulator/virtual-meter-file.ts';
import type { Database } from '../store/database.ts';
import {
  deleteDemoRows,
  deleteMeterHistory,
  deletePointHistory,
  findDemoBuilding,
  type DeletedRows,
  type DemoRemains,
} from '../store/demo-building.ts';
import { transact } from '../store/prisma-transaction.ts';
import { writeDemoState } from './demo-state.ts';

export interface ErasedDemo extends DeletedRows {
  building: string;
  readings: number;
  serials: string[];
}

/** History first: as long as the building stands, a next try finds the rest. Null when there is no demo building. */
export async function eraseDemo(
  { database, dataDir }: { database: Database; dataDir: string },
  { userIds, afterwards }: { userIds: readonly number[]; afterwards: 'absent' | 'removed' },
): Promise<ErasedDemo | null> {
  const demo = await findDemoBuilding(database.prisma);
  if (!demo) return null;
  const readings = await eraseHistory(database, demo);
  const deleted = await transact(database.prisma, async (tx) => {
    const rows = await deleteDemoRows(tx, demo, userIds);
    await writeDemoState(tx, { state: afterwards, userIds: [] });
    return rows;
  });
  // What was stored while the building was on its way out.
  const late = await eraseHistory(database, demo);
  await removeVirtualMeterFile(dataDir);
  return { building: demo.name, readings: readings + late, serials: demo.meters.map((meter) => meter.serial), ...deleted };
}

async function eraseHistory(database: Database, demo: DemoRemains): Promise<number> {
  let readings = 0;
  for (const pointId of demo.pointIds) await deletePointHistory(database.pool, pointId);
  for (const meter of demo.meters) readings += (await deleteMeterHistory(database.pool, meter.id)).readings;
  return readings;
}
