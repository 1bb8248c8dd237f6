import { isPermission, narrowedTo, type Actor, type Grant, type OwnFlat, type OwnMeter } from '../domain/permission.ts';
import type { Database } from './database.ts';
import { findPusher } from './push-sources.ts';

interface GrantRow {
  id: number;
  email: string;
  name: string;
  language: string;
  session_epoch: number;
  building_id: number | null;
  role: string | null;
  permission: string | null;
}

interface OwnRow {
  flat_id: number | null;
  building_id: number | null;
  meter_id: number | null;
  from_at: Date | null;
  to_at: Date | null;
}

const GRANTS = `
  SELECT u.id, u.email, u.name, u.language, u.session_epoch, m.building_id, r.name AS role, p.name AS permission
  FROM users u
  LEFT JOIN memberships m ON m.user_id = u.id
  LEFT JOIN roles r ON r.id = m.role_id
  LEFT JOIN permissions p ON p.role_id = r.id
  WHERE u.id = ? AND u.active = 1
  ORDER BY m.id, p.id`;

// A bare NULL would turn the ids of the whole column into text.
const OWN_THINGS = `
  SELECT f.id AS flat_id, f.building_id, CAST(NULL AS UNSIGNED) AS meter_id, t.from_at, t.to_at
  FROM tenancy_users tu JOIN tenancies t ON t.id = tu.tenancy_id JOIN flats f ON f.id = t.flat_id
  WHERE tu.user_id = ?
  UNION ALL
  SELECT CAST(NULL AS UNSIGNED), CAST(NULL AS UNSIGNED), um.meter_id, um.from_at, um.to_at FROM user_meters um WHERE um.user_id = ?`;

function period(row: OwnRow): { fromMs: number | null; toMs: number | null } {
  return { fromMs: row.from_at?.getTime() ?? null, toMs: row.to_at?.getTime() ?? null };
}

function toActor(rows: readonly GrantRow[], own: readonly OwnRow[]): { actor: Actor; sessionEpoch: number } | null {
  const [user] = rows;
  if (!user) return null;
  const grants = rows.flatMap(({ permission, building_id: buildingId }): Grant[] =>
    permission !== null && isPermission(permission) ? [{ permission, buildingId }] : [],
  );
  const ownFlats = own.flatMap((row): OwnFlat[] =>
    row.flat_id === null || row.building_id === null ? [] : [{ flatId: row.flat_id, buildingId: row.building_id, ...period(row) }],
  );
  const ownMeters = own.flatMap((row): OwnMeter[] => (row.meter_id === null ? [] : [{ meterId: row.meter_id, ...period(row) }]));
  const { id: userId, email, name, language } = user;
  const roles = [...new Set(rows.flatMap((row) => row.role ?? []))];
  return { actor: { userId, email, name, language, roles, grants, ownFlats, ownMeters }, sessionEpoch: user.session_epoch };
}

const LAST_USE_STEP_MS = 60_000;

/** A token never has more than its user has at this moment. */
function cut(actor: Actor, { scope, buildings }: { scope: string; buildings: string | null }): Actor {
  const kept = new Set(scope.split(' '));
  const grants = actor.grants.filter((grant) => kept.has(grant.permission));
  return buildings === null ? { ...actor, grants } : narrowedTo({ ...actor, grants }, buildings.split(' ').map(Number));
}

export function makeActors({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>) {
  async function byUser(userId: number): Promise<{ actor: Actor; sessionEpoch: number } | null> {
    const [grants, own]: [GrantRow[], OwnRow[]] = await Promise.all([
      pool.query(GRANTS, [userId]),
      pool.query(OWN_THINGS, [userId, userId]),
    ]);
    return toActor(grants, own);
  }
  return {
    byUser,
    byPushToken: (tokenHash: string) => findPusher(pool, tokenHash),
    async byToken(tokenHash: string, nowMs: number): Promise<Actor | null> {
      const token = await prisma.apiToken.findUnique({ where: { tokenHash } });
      if (!token || token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt.getTime() <= nowMs)) return null;
      const found = await byUser(token.userId);
      if (!found) return null;
      if (nowMs - (token.lastUsedAt?.getTime() ?? 0) > LAST_USE_STEP_MS) {
        await prisma.apiToken.updateMany({ where: { id: token.id }, data: { lastUsedAt: new Date(nowMs) } });
      }
      return cut(found.actor, token);
    },
  };
}
