import type { Connection } from 'mariadb';
import { judge, type Verdict } from '../domain/judge-message.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PushedMessage } from '../domain/pushed-message.ts';
import { pushCadence } from '../domain/push-cadence.ts';
import { planReads, UnreadableModel, type ReadPlan } from '../domain/read-plan.ts';
import { understand, type Understood } from '../domain/understand-message.ts';
import type { InboundFacts, InboundVerdict } from '../store/inbound-messages.ts';
import { tellAlarms } from '../store/meter-alarms.ts';
import { modelsBySql } from '../store/models-by-sql.ts';
import { recordOutcomesOn, type Recorded } from '../store/outcomes.ts';
import {
  findPushingMeters,
  momentKey,
  newerReadings,
  newestAlarms,
  senderKey,
  takenMoments,
  type PushingRow,
  type SenderName,
} from '../store/pushing-meters.ts';
import { buildingsOfSources } from '../store/push-sources.ts';

export interface Settled extends Recorded {
  /** In the order of the messages. */
  verdicts: { told: Understood; verdict: Verdict }[];
  outcomes: Outcome[];
}

function nameOf(told: Understood): SenderName {
  return { kind: told.etlKind === null ? 'uuid' : 'sender', name: told.sender };
}

/** Null where the model cannot be read. */
async function plansOf(connection: Connection, rows: readonly PushingRow[]): Promise<Map<number, ReadPlan | null>> {
  const ids = [...new Set(rows.filter(({ message }) => message !== null).map(({ modelId }) => modelId))];
  if (ids.length === 0) return new Map();
  const models = await modelsBySql(connection, '?', [ids]);
  return new Map(
    [...models].map(([id, model]) => {
      try {
        return [id, planReads(model)];
      } catch (err) {
        if (err instanceof UnreadableModel) return [id, null];
        throw err;
      }
    }),
  );
}

/** In the transaction that keeps the messages: whose they are, and what becomes of them. Oldest measurement first. */
export async function settleMessages(connection: Connection, messages: readonly PushedMessage[], nowMs: number): Promise<Settled> {
  const told = messages.map((message) => ({ message, told: understand(message) }));
  const names = new Map(
    told.filter(({ told: { sender } }) => sender !== '').map((each) => [senderKey(nameOf(each.told)), nameOf(each.told)]),
  );
  const rows = await findPushingMeters(connection, [...names.values()]);
  const plans = await plansOf(connection, [...rows.values()]);
  const alarming = told.flatMap((each) => (each.told.says === 'alarms' ? (rows.get(senderKey(nameOf(each.told)))?.meterId ?? []) : []));
  const alarmed = await newestAlarms(connection, [...new Set(alarming)]);
  const meters = new Map(
    [...rows].map(([key, { ct, pt, modelId, cadence, ...row }]) => [
      key,
      {
        ...row,
        ratios: { ct, pt },
        plan: plans.get(modelId) ?? null,
        cadence: pushCadence(cadence),
        newestAlarmsMs: alarmed.get(row.meterId) ?? null,
      },
    ]),
  );
  const buildings = await buildingsOfSources(connection, [...new Set(messages.flatMap(({ sourceId }) => sourceId ?? []))]);
  const moments = told.flatMap((each) => {
    const meter = meters.get(senderKey(nameOf(each.told)));
    return meter && each.told.says === 'values' ? [{ meterId: meter.meterId, atMs: each.told.measuredMs }] : [];
  });
  const taken = await takenMoments(connection, moments);
  const newer = await newerReadings(connection, moments);

  const verdicts: Verdict[] = [];
  const outcomes: Outcome[] = [];
  let alarmEvents = 0;
  const inTime = told.map((_, index) => index).toSorted((a, b) => (told[a]?.told.measuredMs ?? 0) - (told[b]?.told.measuredMs ?? 0));
  for (const index of inTime) {
    const { message, told: own } = told[index] as (typeof told)[number];
    const meter = meters.get(senderKey(nameOf(own))) ?? null;
    const key = momentKey(meter?.meterId ?? 0, own.measuredMs ?? 0);
    const sourceBuildingId = message.sourceId === null ? null : (buildings.get(message.sourceId) ?? 0);
    const verdict = judge(own, message.receivedMs, { meter, sourceBuildingId, isTaken: taken.has(key) });
    verdicts[index] = verdict;
    if (meter === null || !('row' in verdict || 'alarms' in verdict)) continue;
    if ('alarms' in verdict) {
      alarmEvents += await tellAlarms(connection, [{ meterId: meter.meterId, atMs: verdict.atMs, alarms: verdict.alarms }]);
      meter.newestAlarmsMs = verdict.atMs;
      continue;
    }
    taken.add(key);
    const { row, startsInstallation } = verdict;
    const slotMs = meter.cadence.atOrBefore(row.atMs);
    const isOutrun = (newer.get(meter.meterId) ?? row.atMs) > row.atMs;
    outcomes.push({ kind: 'reading', slotMs, nextSlotMs: meter.cadence.after(row.atMs), isOutrun, startsInstallation, row });
    if (startsInstallation) meter.fromMs = row.atMs;
  }
  const recorded = outcomes.length > 0 ? await recordOutcomesOn(connection, outcomes, nowMs) : { changes: [], mails: [], events: 0 };
  const events = recorded.events + alarmEvents;
  return { ...recorded, events, outcomes, verdicts: told.map((each, index) => ({ told: each.told, verdict: verdicts[index] as Verdict })) };
}

/** What stands beside a message that is kept. */
export function rowOf({ told, verdict }: Settled['verdicts'][number]): { facts: InboundFacts; verdict: InboundVerdict } {
  const { etlKind, sender, measuredMs, sentMs } = told;
  const { state, reason, detail, meterId } = verdict;
  return { facts: { etlKind, sender, measuredMs, sentMs }, verdict: { state, reason, detail, meterId } };
}
