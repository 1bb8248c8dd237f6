import type { MeterModel } from '../domain/meter-model.ts';
import { planReads, UnreadableModel } from '../domain/read-plan.ts';
import type { ReadResult } from '../modbus/read-meter.ts';
import type { ReadNowPayload, ReadNowReply, TestConnectionPayload, TestConnectionReply } from '../queue/contract.ts';
import type { TryModelPayload } from '../queue/line-contract.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import type { LinePark, Target } from './line-park.ts';
import type { RememberHoles } from './remember-holes.ts';

export interface AdHocDeps {
  fleet: FleetCache;
  lines: LinePark;
}

export function makeReadNow({ fleet, lines, rememberHoles }: AdHocDeps & { rememberHoles: RememberHoles }) {
  return async ({ meterId, quantities, deadlineMs }: ReadNowPayload): Promise<ReadNowReply> => {
    const now = await fleet.current();
    lines.apply(now);
    const target = lines.target(meterId);
    if (!target) return { ok: false, reason: 'not-here', detail: 'no running installation on a line of this poller', latencyMs: 0 };
    const { meter, line } = target;
    const model = now.models.get(meter.modelId);
    const plan = quantities === undefined || model === undefined ? target.plan : planned(model, quantities, meter.holes);
    if ('unreadable' in plan) return { ok: false, reason: 'unreadable-model', detail: plan.unreadable, latencyMs: 0 };
    const result = await line.read({ unitId: meter.unitId, plan, ratios: meter.ratios, deadlineMs, priority: 'ad-hoc' });
    await rememberHoles(meterId, result.holes);
    return toReply(result);
  };
}

/** Reads a unit with a model that it may have: what is shown before anything is saved. Holes that it finds are nobody's yet. */
export function makeTryModel({ fleet, lines, findModel }: AdHocDeps & { findModel(id: number): Promise<MeterModel | null> }) {
  return async ({ lineId, unitId, modelId, deadlineMs }: TryModelPayload): Promise<ReadNowReply> => {
    lines.apply(await fleet.current());
    const line = lines.line(lineId);
    if (!line) return { ok: false, reason: 'not-here', detail: 'this poller does not own the line', latencyMs: 0 };
    const model = await findModel(modelId);
    if (model === null) return { ok: false, reason: 'no-model', detail: 'the model was removed meanwhile', latencyMs: 0 };
    const plan = planned(model);
    if ('unreadable' in plan) return { ok: false, reason: 'unreadable-model', detail: plan.unreadable, latencyMs: 0 };
    return toReply(await line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs, priority: 'ad-hoc' }));
  };
}

function planned(...wish: Parameters<typeof planReads>): Target['plan'] {
  try {
    return planReads(...wish);
  } catch (err) {
    if (err instanceof UnreadableModel) return { unreadable: err.message };
    throw err;
  }
}

function toReply(result: ReadResult): ReadNowReply {
  if (!result.ok) return { ok: false, reason: result.reason, detail: result.detail, latencyMs: result.latencyMs };
  const { values, extra, refused } = result.decoded;
  return {
    ok: true,
    takenAt: new Date(result.takenAtMs).toISOString(),
    latencyMs: result.latencyMs,
    values: { ...values, ...extra },
    refused,
    blocks: result.blocks,
  };
}

export function makeTestConnection({ fleet, lines }: AdHocDeps) {
  return async ({ lineId, unitId, deadlineMs }: TestConnectionPayload): Promise<TestConnectionReply> => {
    lines.apply(await fleet.current());
    const line = lines.line(lineId);
    if (!line) return { ok: false, reason: 'not-here', detail: 'this poller does not own the line', latencyMs: 0 };
    return line.probe(unitId, deadlineMs);
  };
}
