import type { Connection, Pool } from 'mariadb';
import type { CheckKind } from '../domain/check.ts';
import type { Reach } from '../domain/permission.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { findingsWithin } from './reach.ts';
import { sqlTime } from './sql-time.ts';

const PLACE = { point: { select: { name: true, flat: { select: { name: true } } } } } as const satisfies Prisma.FindingInclude;

export type FindingRow = Prisma.FindingGetPayload<{ include: typeof PLACE }>;

export interface FindingFilter {
  buildingId?: number | undefined;
  pointId?: number | undefined;
  kind?: CheckKind | undefined;
  open?: boolean | undefined;
}

export async function listFindings(
  db: Db,
  reach: Reach,
  { open, ...columns }: FindingFilter,
  page: PageRequest,
): Promise<Page<FindingRow>> {
  const { where, ...rest } = pageQuery(page);
  const filter = { ...columns, ...(open === undefined ? {} : { closedAt: open ? null : { not: null } }) };
  return cutPage(await db.finding.findMany({ where: { AND: [findingsWithin(reach), filter, where] }, include: PLACE, ...rest }), page);
}

type Queryable = Pick<Pool | Connection, 'query'>;

export interface OpenFinding {
  id: number;
  pointId: number;
  kind: string;
}

export async function openFindings(db: Queryable): Promise<OpenFinding[]> {
  return db.query('SELECT id, point_id AS pointId, kind FROM findings WHERE closed_at IS NULL ORDER BY id');
}

export interface NewFinding {
  buildingId: number;
  pointId: number;
  kind: CheckKind;
  detail: string;
  openedMs: number;
}

const DETAIL_LENGTH = 500;

/** One that is open already is seen again. */
export async function openOrSee(db: Queryable, findings: readonly NewFinding[], nowMs: number): Promise<void> {
  if (findings.length === 0) return;
  const values = findings.map(({ buildingId, pointId, kind, detail, openedMs }) => [
    buildingId,
    pointId,
    kind,
    detail.slice(0, DETAIL_LENGTH),
    sqlTime(openedMs),
    sqlTime(nowMs),
  ]);
  await db.query(
    `INSERT INTO findings (building_id, point_id, kind, detail, opened_at, seen_at) VALUES ${values.map(() => '(?)').join(', ')}
     ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at), detail = VALUES(detail)`,
    values,
  );
}

export async function closeFindings(db: Queryable, ids: readonly number[], nowMs: number): Promise<void> {
  if (ids.length === 0) return;
  await db.query('UPDATE findings SET closed_at = ? WHERE id IN (?) AND closed_at IS NULL', [sqlTime(nowMs), ids]);
}
