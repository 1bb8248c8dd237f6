import { bandHours, energyByBand, type BandEnergy, type ItalianBand } from '../domain/band-months.ts';
import type { Span } from '../domain/gap.ts';
import type { Actor } from '../domain/permission.ts';
import { addToDay, dayStart, localDay } from '../domain/time-bucket.ts';
import { pointsOfFlat } from '../store/points.ts';
import { listEnergy } from '../store/roll-ups.ts';
import { sqlTime } from '../store/sql-time.ts';
import { seeFlat, type UsageDeps } from './show-usage.ts';

export const MOST_BAND_MONTHS = 36;

export interface BandMonth extends Span {
  /** Such as 2026-01. */
  month: string;
  bands: Record<ItalianBand, BandEnergy>;
}

/** What a flat used, or a producer made, in the bands F1, F2 and F3 of each month, oldest first; only in the own time. */
export async function showBands(
  deps: UsageDeps,
  actor: Actor,
  { flatId, months, last }: { flatId: number; months: number; last?: string | undefined },
): Promise<{ zone: string; items: BandMonth[] }> {
  const nowMs = deps.clock();
  const { flat, zone, sightOf } = await seeFlat(deps, actor, 'reading:read', flatId);
  const lastDay = `${last ?? localDay(nowMs, zone).slice(0, 7)}-01`;
  const pointIds = (await pointsOfFlat(deps.database.prisma, flatId)).map(({ id }) => id);
  const flows = [flat.kind === 'producer' ? ('export' as const) : ('import' as const)];
  const items: BandMonth[] = [];
  for (let back = months - 1; back >= 0; back -= 1) {
    const day = addToDay(lastDay, { months: -back });
    const span = { fromMs: dayStart(day, zone), toMs: dayStart(addToDay(day, { months: 1 }), zone) };
    const seen = sightOf(span);
    const hours = bandHours(span, zone).filter((hour) => seen.some((part) => hour.fromMs >= part.fromMs && hour.toMs <= part.toMs));
    const rows = await listEnergy(deps.database.pool, 'hour', { pointIds, flows, from: sqlTime(span.fromMs), to: sqlTime(span.toMs) });
    const known = rows.map(({ pointId, key, wh, slots }) => ({ pointId, wh, slots, fromMs: Date.parse(`${key.replace(' ', 'T')}Z`) }));
    items.push({ month: day.slice(0, 7), ...span, bands: energyByBand(hours, known, nowMs) });
  }
  return { zone, items };
}
