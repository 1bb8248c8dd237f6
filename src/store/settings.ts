import type { Db } from './prisma-transaction.ts';

export async function readSetting(db: Db, key: string): Promise<string | null> {
  return (await db.setting.findUnique({ where: { key } }))?.value ?? null;
}

/** What stands there already, or this from now on. */
export async function keepSetting(db: Db, key: string, value: string): Promise<string> {
  return (await db.setting.upsert({ where: { key }, create: { key, value }, update: {} })).value;
}

export async function writeSetting(db: Db, key: string, value: string): Promise<void> {
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}
