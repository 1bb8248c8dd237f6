import type { Connection } from 'mariadb';
import { isUser, type Actor } from '../domain/permission.ts';
import type { Db } from './prisma-transaction.ts';

const DETAIL_LENGTH = 1000;

interface Done {
  action: string;
  subject: string;
  detail?: string;
}

/** In the transaction of what it tells about. Without an actor it was the system itself. */
export async function recordActivity(tx: Db, actor: Pick<Actor, 'userId' | 'email'> | null, activity: Done): Promise<void> {
  await recordActivities(tx, actor, [activity]);
}

export async function recordActivities(tx: Db, actor: Pick<Actor, 'userId' | 'email'> | null, activities: readonly Done[]): Promise<void> {
  await tx.activity.createMany({
    data: activities.map(({ action, subject, detail = '' }) => ({
      userId: actor && isUser(actor) ? actor.userId : null,
      actor: actor?.email ?? 'system',
      action,
      subject,
      detail: detail.slice(0, DETAIL_LENGTH),
    })),
  });
}

/** The same where the transaction is one of the connector. */
export async function writeActivity(
  connection: Connection,
  actor: Pick<Actor, 'userId' | 'email'>,
  { action, subject, detail = '' }: Done,
): Promise<void> {
  await connection.query('INSERT INTO activities (user_id, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)', [
    isUser(actor) ? actor.userId : null,
    actor.email,
    action,
    subject,
    detail.slice(0, DETAIL_LENGTH),
  ]);
}
