import type { Connection } from 'mariadb';
import { isUser, type Actor } from '../domain/permission.ts';
import type { Activity } from '../generated/prisma/client.ts';
import { buildingOfSubject } from './subjects.ts';
import type { Page } from './page.ts';
import type { Db } from './prisma-transaction.ts';

const DETAIL_LENGTH = 1000;

interface Done {
  action: string;
  subject: string;
  detail?: string;
  /** Where the subject does not tell it any more, for it is gone. */
  buildingId?: number;
}

/** In the transaction of what it tells about. Without an actor it was the system itself. */
export async function recordActivity(tx: Db, actor: Pick<Actor, 'userId' | 'email'> | null, activity: Done): Promise<void> {
  await recordActivities(tx, actor, [activity]);
}

export async function recordActivities(tx: Db, actor: Pick<Actor, 'userId' | 'email'> | null, activities: readonly Done[]): Promise<void> {
  const data = [];
  for (const { action, subject, detail = '', buildingId } of activities) {
    data.push({
      userId: actor && isUser(actor) ? actor.userId : null,
      buildingId: buildingId ?? (await buildingOfSubject(tx, subject)),
      actor: actor?.email ?? 'system',
      action,
      subject,
      detail: detail.slice(0, DETAIL_LENGTH),
    });
  }
  await tx.activity.createMany({ data });
}

/** The same where the transaction is one of the connector. */
export async function writeActivity(
  connection: Connection,
  actor: Pick<Actor, 'userId' | 'email'>,
  { action, buildingId, detail = '' }: Omit<Done, 'subject'> & { buildingId: number },
): Promise<void> {
  await connection.query('INSERT INTO activities (user_id, building_id, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)', [
    isUser(actor) ? actor.userId : null,
    buildingId,
    actor.email,
    action,
    `building-${buildingId}`,
    detail.slice(0, DETAIL_LENGTH),
  ]);
}

/** Of one building, the newest first: what comes before `beforeId`. */
export async function listActivities(
  db: Db,
  { buildingId, beforeId, limit }: { buildingId: number; beforeId: number | null; limit: number },
): Promise<Page<Activity>> {
  const rows = await db.activity.findMany({
    where: { buildingId, ...(beforeId === null ? {} : { id: { lt: beforeId } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfterId: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
