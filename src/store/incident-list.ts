import type { Reach } from '../domain/permission.ts';
import type { Incident } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { incidentsWithin } from './reach.ts';
import { tellClosed } from './webhook-events.ts';

export interface IncidentFilter {
  buildingId?: number | undefined;
  open?: boolean | undefined;
}

export async function listIncidents(
  db: Db,
  reach: Reach,
  { buildingId, open }: IncidentFilter,
  page: PageRequest,
): Promise<Page<Incident>> {
  const { where, ...rest } = pageQuery(page);
  const filter = { buildingId, ...(open === undefined ? {} : { closedAt: open ? null : { not: null } }) };
  return cutPage(await db.incident.findMany({ where: { AND: [incidentsWithin(reach), filter, where] }, ...rest }), page);
}

/** A meter that was taken away is missed by nobody: without a mail. */
export async function closeIncidentsOf(db: Db, subject: string, closedAt: Date): Promise<void> {
  const where = { OR: [{ subject }, { subject: { startsWith: `${subject}/` } }], closedAt: null };
  const open = await db.incident.findMany({ where, orderBy: { id: 'asc' } });
  await db.incident.updateMany({ where: { id: { in: open.map(({ id }) => id) } }, data: { closedAt } });
  await tellClosed(
    db,
    open.map((incident) => ({ ...incident, closedAt })),
  );
}
