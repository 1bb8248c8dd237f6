import type { Gap, GapReason } from '../domain/gap.ts';
import type { Gap as StoredGap } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';

export type GapRow = Omit<StoredGap, 'reason'> & { reason: Gap['reason'] };

/** The gaps of a meter that touch one of the spans. */
export async function listGaps(
  db: Db,
  meterId: number,
  spans: readonly { fromMs: number; toMs: number }[],
  page: PageRequest,
): Promise<Page<GapRow>> {
  const { where, ...rest } = pageQuery(page);
  const touching = spans.map(({ fromMs, toMs }) => ({ fromAt: { lt: new Date(toMs) }, toAt: { gt: new Date(fromMs) } }));
  const rows = await db.gap.findMany({ where: { AND: [{ meterId }, { OR: touching }, where] }, ...rest });
  return cutPage(
    rows.map((row) => ({ ...row, reason: row.reason.replaceAll('_', '-') as GapReason })),
    page,
  );
}
