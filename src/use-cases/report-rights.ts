import { canSomewhere, isUser, reach, type Actor } from '../domain/permission.ts';
import { Forbidden } from '../errors.ts';
import type { ReportsWithin } from '../store/reports.ts';

/** Those of the buildings in which one may download, bills only for whoever may see bills; and what one asked for oneself. */
export function reportsWithin(actor: Actor): ReportsWithin {
  const downloads = reach(actor, 'reading:download');
  const bills = reach(actor, 'bill:read');
  const inBuildings = ({ everywhere, buildingIds }: Pick<typeof bills, 'everywhere' | 'buildingIds'>): ReportsWithin =>
    everywhere ? {} : { buildingId: { in: buildingIds } };
  const own = isUser(actor) && canSomewhere(actor, 'reading:download') ? [{ userId: actor.userId }] : [];
  return { OR: [{ AND: [inBuildings(downloads), { OR: [{ kind: { not: 'bills' } }, inBuildings(bills)] }] }, ...own] };
}

/** Mailing a sheet, or removing what others asked for, takes the building. */
export function demandReport(actor: Actor, { buildingId, userId }: { buildingId: number; userId: number | null }): void {
  const { everywhere, buildingIds } = reach(actor, 'reading:download');
  if (!everywhere && !buildingIds.includes(buildingId) && userId !== actor.userId) throw new Forbidden();
}
