import type { Pool } from 'mariadb';
import { judge } from '../domain/check-rules.ts';
import { thresholdsOf } from '../domain/check.ts';
import { floorSlot } from '../domain/settle.ts';
import type { Logger } from '../logger.ts';
import { checkedPoints } from '../store/check-facts.ts';
import { statedThresholds } from '../store/check-thresholds.ts';
import { closeFindings, openFindings, openOrSee, type NewFinding } from '../store/findings.ts';
import { energyOfDay, gatherCheckFacts, type Checked } from './gather-check-facts.ts';

export interface CheckDeps {
  pool: Pool;
  clock: () => number;
  log: Logger;
}

const POINTS_AT_ONCE = 100;

export interface CheckedEnergy {
  opened: number;
  closed: number;
}

/** Looks at what came in and opens, sees again and closes findings. Nothing else is changed. */
export async function checkEnergy({ pool, clock, log }: CheckDeps): Promise<CheckedEnergy> {
  const nowMs = clock();
  const points = await checkedPoints(pool);
  const { ofModel, ofPoint } = await statedThresholds(pool);
  const all = points.map((point): Checked => ({
    point,
    thresholds: thresholdsOf(ofModel.get(point.modelId) ?? [], ofPoint.get(point.pointId) ?? []),
  }));
  const day = await energyOfDay(pool, points, nowMs);
  const open = await openFindings(pool);
  const isOpen = new Set(open.map(({ pointId, kind }) => `${pointId} ${kind}`));
  const bad: NewFinding[] = [];
  const good = new Set<string>();
  for (let i = 0; i < all.length; i += POINTS_AT_ONCE) {
    const some = all.slice(i, i + POINTS_AT_ONCE);
    const facts = await gatherCheckFacts(pool, some, { nowMs, day });
    for (const { point, thresholds } of some) {
      const { pointId, buildingId } = point;
      const own = facts.get(pointId);
      if (own === undefined) continue;
      for (const [kind, verdict] of judge(own, thresholds)) {
        if (verdict.bad) bad.push({ buildingId, pointId, kind, detail: verdict.detail, openedMs: verdict.sinceMs ?? nowMs });
        else good.add(`${pointId} ${kind}`);
      }
    }
  }
  // Where no meter hangs any more there is nothing to look at.
  const hung = new Set(points.map(({ pointId }) => pointId));
  const over = open.filter(({ pointId, kind }) => !hung.has(pointId) || good.has(`${pointId} ${kind}`));
  await openOrSee(pool, bad, nowMs);
  await closeFindings(
    pool,
    over.map(({ id }) => id),
    nowMs,
  );
  const opened = bad.filter(({ pointId, kind }) => !isOpen.has(`${pointId} ${kind}`)).length;
  if (opened > 0 || over.length > 0) log.info({ opened, closed: over.length, ms: clock() - nowMs }, 'findings');
  return { opened, closed: over.length };
}

/** Once for each quarter hour, however often it is called. */
export function makeCheckEnergy(deps: CheckDeps): () => Promise<void> {
  let lastSlotMs: number | null = null;
  return async () => {
    const slotMs = floorSlot(deps.clock());
    if (slotMs === lastSlotMs) return;
    await checkEnergy(deps);
    lastSlotMs = slotMs;
  };
}
