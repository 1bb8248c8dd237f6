import type { GapReason } from '../domain/gap.ts';
import type { Line } from '../modbus/line.ts';
import type { ReadResult } from '../modbus/read-meter.ts';
import type { ReadMeterPayload } from '../queue/contract.ts';
import { UnrecoverableError } from '../queue/worker.ts';
import type { FleetMeter } from '../store/fleet.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import type { Gatherer } from './gather-outcomes.ts';
import type { HealthBoard } from './health-board.ts';
import type { LinePark } from './line-park.ts';
import type { RememberHoles } from './remember-holes.ts';

export interface ReadMeterDeps {
  fleet: FleetCache;
  lines: LinePark;
  outcomes: Gatherer;
  rememberHoles: RememberHoles;
  health: Pick<HealthBoard, 'record'>;
}

type Asked = { meter: FleetMeter; result: ReadResult } | { unreadable: string };

/** A line that was closed meanwhile, because somebody changed it, is asked again in its new place. */
async function ask(lines: LinePark, meterId: number, deadlineMs: number): Promise<Asked | null> {
  for (let earlier: Line | null = null; ;) {
    const target = lines.target(meterId);
    if (!target) return null;
    const { meter, line, plan } = target;
    if ('unreadable' in plan) return plan;
    const result = await line.read({ unitId: meter.unitId, plan, ratios: meter.ratios, deadlineMs, priority: 'due' });
    if (result.ok || result.reason !== 'closed' || line === earlier) return { meter, result };
    earlier = line;
  }
}

/** Reads one meter for one slot. It ends when the value, or the reason why there is none, is safe. */
export function makeReadMeter({ fleet, lines, outcomes, rememberHoles, health }: ReadMeterDeps) {
  return async ({ meterId, slotMs, nextSlotMs, deadlineMs, fleet: version }: ReadMeterPayload): Promise<string> => {
    lines.apply(await fleet.seenBy(version));
    const recordGap = (reason: GapReason, detail: string) =>
      outcomes.add({ kind: 'gap', gap: { meterId, fromMs: slotMs, toMs: nextSlotMs, slots: [slotMs], reason, detail } });

    const asked = await ask(lines, meterId, deadlineMs);
    if (asked === null) return 'no longer read here';
    if ('unreadable' in asked) {
      await recordGap('not-read', asked.unreadable);
      throw new UnrecoverableError(asked.unreadable);
    }
    const { meter, result } = asked;
    if (result.ok || result.reason !== 'closed') health.record(meterId, result);
    await rememberHoles(meterId, result.holes);
    if (result.ok) {
      const { values, extra, refused } = result.decoded;
      await outcomes.add({
        kind: 'reading',
        nextSlotMs,
        startsInstallation: meter.fromMs === null,
        row: {
          meterId,
          atMs: slotMs,
          takenAtMs: result.takenAtMs,
          latencyMs: result.latencyMs,
          values,
          extra: Object.keys(extra).length > 0 ? extra : null,
          refused: Object.keys(refused).length > 0 ? refused : null,
        },
      });
      return 'stored';
    }
    // Says nothing about the meter: this process or another one reads it again.
    if (result.reason === 'closed') throw new Error(result.detail);
    await recordGap(result.reason, result.detail);
    if (result.reason === 'late') return 'too late: gap recorded';
    throw new UnrecoverableError(`${result.reason}: ${result.detail}`);
  };
}
