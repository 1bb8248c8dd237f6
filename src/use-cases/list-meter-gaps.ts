import { can, type Actor } from '../domain/permission.ts';
import type { Database } from '../store/database.ts';
import { listGaps, type GapRow } from '../store/gap-list.ts';
import type { Page, PageRequest } from '../store/page.ts';
import { visibleRange, type MeterRange } from './list-meter-readings.ts';

/** Why there are no readings, cut to what the actor may see. How a meter is reached is for those who may see lines. */
export async function listMeterGaps(
  deps: { database: Pick<Database, 'prisma'>; clock: () => number },
  actor: Actor,
  input: MeterRange & { page: PageRequest },
): Promise<Page<GapRow>> {
  const { meter, parts } = await visibleRange(deps, actor, input);
  const gaps = await listGaps(deps.database.prisma, input.meterId, parts, input.page);
  const buildingId = meter.installations.at(-1)?.point.flat.buildingId ?? null;
  const cut = (gap: GapRow): GapRow => {
    const part = parts.find(({ fromMs, toMs }) => gap.fromAt.getTime() < toMs && gap.toAt.getTime() > fromMs);
    const fromMs = Math.max(gap.fromAt.getTime(), part?.fromMs ?? 0);
    const toMs = Math.min(gap.toAt.getTime(), part?.toMs ?? Number.POSITIVE_INFINITY);
    return { ...gap, fromAt: new Date(fromMs), toAt: new Date(toMs), detail: can(actor, 'line:read', { buildingId }) ? gap.detail : '' };
  };
  return { ...gaps, items: gaps.items.map(cut) };
}
