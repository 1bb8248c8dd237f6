import type { Connection, Pool } from 'mariadb';
import { isCheckKind, type CheckKind, type StatedThreshold } from '../domain/check.ts';
import { groupBy } from '../domain/group-by.ts';
import type { CheckThreshold } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

export type ThresholdOwner = { pointId: number } | { modelId: number };

function stated(rows: readonly { kind: string; value: number | null }[]): StatedThreshold[] {
  return rows.flatMap(({ kind, value }) => (isCheckKind(kind) ? [{ kind, value }] : []));
}

/** All that was stated, by model and by point: few, and they are needed together. */
export async function statedThresholds(
  db: Pick<Pool | Connection, 'query'>,
): Promise<{ ofModel: Map<number | null, StatedThreshold[]>; ofPoint: Map<number | null, StatedThreshold[]> }> {
  const rows: { kind: string; value: number | null; modelId: number | null; pointId: number | null }[] = await db.query(
    'SELECT kind, value, model_id AS modelId, point_id AS pointId FROM check_thresholds ORDER BY id',
  );
  const by = (key: 'modelId' | 'pointId') => new Map([...groupBy(rows, (row) => row[key])].map(([id, own]) => [id, stated(own)]));
  return { ofModel: by('modelId'), ofPoint: by('pointId') };
}

export async function thresholdsAt(db: Db, owner: ThresholdOwner): Promise<StatedThreshold[]> {
  return stated(await db.checkThreshold.findMany({ where: owner, orderBy: { id: 'asc' } }));
}

export function findThreshold(db: Db, id: number): Promise<CheckThreshold | null> {
  return db.checkThreshold.findUnique({ where: { id } });
}

/** The database takes one per kind and owner. */
export async function writeThreshold(db: Db, owner: ThresholdOwner, kind: CheckKind, value: number | null): Promise<CheckThreshold> {
  const [pointId, modelId] = 'pointId' in owner ? [owner.pointId, null] : [null, owner.modelId];
  await db.$executeRaw`INSERT INTO check_thresholds (kind, point_id, model_id, value) VALUES (${kind}, ${pointId}, ${modelId}, ${value})
    ON DUPLICATE KEY UPDATE value = VALUES(value)`;
  return db.checkThreshold.findFirstOrThrow({ where: { ...owner, kind } });
}

export async function removeThreshold(db: Db, owner: ThresholdOwner, kind: CheckKind): Promise<number> {
  return (await db.checkThreshold.deleteMany({ where: { ...owner, kind } })).count;
}
