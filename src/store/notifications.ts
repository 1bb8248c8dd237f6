import type { Connection, Pool } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { NotificationKind } from '../domain/notification.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

export interface StoredNotification {
  id: number;
  subject: string;
  atMs: number;
  data: unknown;
  isWithdrawn: boolean;
}

function parsed(data: unknown): unknown {
  return typeof data === 'string' ? JSON.parse(data) : data;
}

/** What was told of subjects within a span. */
export async function notificationsOf(
  db: Queryable,
  kind: NotificationKind,
  subjects: readonly string[],
  { fromMs, toMs }: Span,
): Promise<StoredNotification[]> {
  if (subjects.length === 0) return [];
  const rows: { id: number; subject: string; at: Date; data: unknown; withdrawnAt: Date | null }[] = await db.query(
    `SELECT id, subject, at, data, withdrawn_at AS withdrawnAt FROM notifications
     WHERE kind = ? AND subject IN (?) AND at >= ? AND at < ? ORDER BY id`,
    [kind, subjects, sqlTime(fromMs), sqlTime(toMs)],
  );
  return rows.map(({ at, withdrawnAt, data, ...row }) => ({
    ...row,
    atMs: at.getTime(),
    data: parsed(data),
    isWithdrawn: withdrawnAt !== null,
  }));
}

export interface NewNotification {
  kind: NotificationKind;
  subject: string;
  atMs: number;
  buildingId: number;
  flatId: number;
  data: object;
}

/** Once per kind, subject and moment: the unique key refuses a second one. */
export async function insertNotification(connection: Connection, one: NewNotification): Promise<number> {
  const { insertId } = await connection.query(
    'INSERT INTO notifications (kind, subject, at, building_id, flat_id, data) VALUES (?, ?, ?, ?, ?, ?)',
    [one.kind, one.subject, sqlTime(one.atMs), one.buildingId, one.flatId, JSON.stringify(one.data)],
  );
  return Number(insertId);
}

/** What is known of it now; withdrawn, or no longer. */
export async function updateNotification(
  connection: Connection,
  { id, data, isWithdrawn, nowMs }: { id: number; data: object; isWithdrawn: boolean; nowMs: number },
): Promise<void> {
  await connection.query('UPDATE notifications SET data = ?, withdrawn_at = IF(?, COALESCE(withdrawn_at, ?), NULL) WHERE id = ?', [
    JSON.stringify(data),
    isWithdrawn,
    sqlTime(nowMs),
    id,
  ]);
}

/**
 * Whoever lived at a point's flat at that moment or was given its meter then, and the staff of the building. Each has a
 * row of their own, so that what one has read stays new for the others.
 */
export async function addressNotification(
  connection: Connection,
  { id, pointId, flatId, buildingId, atMs }: { id: number; pointId: number; flatId: number; buildingId: number; atMs: number },
): Promise<void> {
  const at = sqlTime(atMs);
  await connection.query(
    `INSERT INTO notification_recipients (notification_id, user_id)
     SELECT ?, u.id FROM users u WHERE u.active = 1 AND (
       EXISTS (SELECT 1 FROM memberships m JOIN permissions p ON p.role_id = m.role_id
         WHERE m.user_id = u.id AND p.name = 'incident:read' AND (m.building_id IS NULL OR m.building_id = ?))
       OR EXISTS (SELECT 1 FROM memberships m JOIN permissions p ON p.role_id = m.role_id WHERE m.user_id = u.id AND p.name = 'own:read')
         AND (EXISTS (SELECT 1 FROM tenancy_users tu JOIN tenancies t ON t.id = tu.tenancy_id
             WHERE tu.user_id = u.id AND t.flat_id = ? AND t.from_at <= ? AND (t.to_at IS NULL OR t.to_at > ?))
           OR EXISTS (SELECT 1 FROM user_meters um JOIN installations i ON i.meter_id = um.meter_id
             WHERE um.user_id = u.id AND i.point_id = ? AND COALESCE(i.from_at, i.created_at) <= ? AND (i.to_at IS NULL OR i.to_at > ?)
               AND (um.from_at IS NULL OR um.from_at <= ?) AND (um.to_at IS NULL OR um.to_at > ?))))
     ON DUPLICATE KEY UPDATE notification_id = VALUES(notification_id)`,
    [id, buildingId, flatId, at, at, pointId, at, at, at, at],
  );
}

/** Committed, but no open page was told yet; oldest first. */
export async function untoldNotifications(db: Queryable): Promise<{ id: number; userIds: number[] }[]> {
  const rows: { id: number; userId: number | null }[] = await db.query(
    `SELECT n.id, r.user_id AS userId FROM notifications n LEFT JOIN notification_recipients r ON r.notification_id = n.id
     WHERE n.told_at IS NULL ORDER BY n.id, r.user_id`,
  );
  const told = new Map<number, number[]>();
  for (const { id, userId } of rows) {
    const userIds = told.get(id) ?? [];
    told.set(id, userIds);
    if (userId !== null) userIds.push(userId);
  }
  return [...told].map(([id, userIds]) => ({ id, userIds }));
}

export async function markTold(db: Queryable, ids: readonly number[], atMs: number): Promise<void> {
  if (ids.length > 0) await db.query('UPDATE notifications SET told_at = ? WHERE id IN (?)', [sqlTime(atMs), ids]);
}

export interface LimitedPoint {
  pointId: number;
  flatId: number;
  buildingId: number;
  hourlyLimitKwh: number | null;
}

/** Where the points are, and what an hour may take there. */
export async function limitsOf(db: Queryable, pointIds: readonly number[]): Promise<LimitedPoint[]> {
  return db.query(
    `SELECT p.id AS pointId, p.flat_id AS flatId, f.building_id AS buildingId, p.hourly_limit_kwh AS hourlyLimitKwh
     FROM points p JOIN flats f ON f.id = p.flat_id WHERE p.id IN (?) ORDER BY p.id`,
    [pointIds],
  );
}

/** The meters that hang at a point with a limit, and where. */
export async function metersAtLimits(db: Queryable): Promise<Map<number, number>> {
  const rows: { meterId: number; pointId: number }[] = await db.query(
    `SELECT i.meter_id AS meterId, i.point_id AS pointId FROM installations i JOIN points p ON p.id = i.point_id
     WHERE i.running = 1 AND p.hourly_limit_kwh IS NOT NULL`,
  );
  return new Map(rows.map(({ meterId, pointId }) => [meterId, pointId]));
}
