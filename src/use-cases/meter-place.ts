import { lastInstallation } from '../store/installations.ts';
import type { Db } from '../store/prisma-transaction.ts';

/** The building whose people look after the meter: where it hangs, or hung last. */
export async function buildingOf(db: Db, meter: { id: number }): Promise<number | null> {
  return (await lastInstallation(db, meter.id))?.point.flat.buildingId ?? null;
}
