import type { SplitSetting, SplitShare } from '../domain/building-energy.ts';
import type { Db } from './prisma-transaction.ts';

export interface BillingSettings extends SplitSetting {
  /** Who sends the bills: name and address. */
  sender: string;
  /** Under every bill: where to pay. */
  remark: string;
}

export async function readBillingSettings(db: Db, buildingId: number): Promise<BillingSettings> {
  const row = await db.billingSetting.findUnique({ where: { buildingId } });
  const rows = await db.splitShare.findMany({ where: { flat: { buildingId } }, orderBy: [{ flatId: 'asc' }, { producerId: 'asc' }] });
  const shares: SplitShare[] = rows.map(({ flatId, producerId, millionths }) => ({ flatId, producerId, millionths }));
  if (row === null) return { kind: 'proportional', surplus: 'export', sender: '', remark: '', shares };
  return { kind: row.splitKind, surplus: row.surplus, sender: row.sender, remark: row.remark, shares };
}

export async function writeBillingSettings(db: Db, buildingId: number, { shares, kind, ...settings }: BillingSettings): Promise<void> {
  const data = { ...settings, splitKind: kind };
  await db.billingSetting.upsert({ where: { buildingId }, create: { buildingId, ...data }, update: data });
  await db.splitShare.deleteMany({ where: { flat: { buildingId } } });
  await db.splitShare.createMany({ data: [...shares] });
}
