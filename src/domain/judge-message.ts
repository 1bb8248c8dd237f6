import type { EtlAlarm } from './etl-message.ts';
import { decodeReading, type Ratios } from './decode.ts';
import type { MessageKind } from './meter-model.ts';
import type { ReadingRow } from './outcome.ts';
import type { ReadPlan } from './read-plan.ts';
import type { Understood } from './understand-message.ts';

/** The meter that a sender is known as, where it hangs now. */
export interface PushingMeter {
  meterId: number;
  serial: string;
  buildingId: number;
  message: MessageKind | null;
  modelName: string;
  /** Null: its model cannot be read. */
  plan: ReadPlan | null;
  ratios: Ratios;
  /** Null: from its first value. */
  fromMs: number | null;
  /** When the newest alarms that were heeded were measured. */
  newestAlarmsMs: number | null;
}

export interface Known {
  /** Null: nobody is known by that name, or the meter hangs nowhere. */
  meter: PushingMeter | null;
  /** The building of whoever pushed it; null where a broker of somebody else took it. */
  sourceBuildingId: number | null;
  /** A reading of that meter and moment is there already. */
  isTaken: boolean;
}

export type Verdict = { meterId: number | null; reason: string; detail: string } & (
  | { state: 'stored'; row: ReadingRow; startsInstallation: boolean }
  | { state: 'stored'; alarms: EtlAlarm[]; atMs: number }
  | { state: 'noted' | 'unknown-sender' | 'refused' }
);

/** What becomes of a message. */
export function judge(told: Understood, receivedMs: number, { meter, sourceBuildingId, isTaken }: Known): Verdict {
  const meterId = meter?.meterId ?? null;
  const refuse = (reason: string, detail: string): Verdict => ({ state: 'refused', meterId, reason, detail });
  if (told.says === 'nothing') return refuse(told.reason, told.detail);
  if (told.says === 'other') return { state: 'noted', meterId, reason: '', detail: '' };
  if (meter === null) {
    return { state: 'unknown-sender', meterId, reason: 'unknown-sender', detail: `nobody knows ${told.sender}, or it hangs nowhere` };
  }
  if (sourceBuildingId !== null && sourceBuildingId !== meter.buildingId) {
    // Which meter it is in that building is none of the sender's business.
    const detail = `${told.sender} is known in another building than the one of who sent this`;
    return { state: 'refused', meterId: null, reason: 'foreign-meter', detail };
  }
  const { measuredMs } = told;
  if (meter.fromMs !== null && measuredMs < meter.fromMs) {
    return refuse('before-installation', `the meter ${meter.serial} was installed later`);
  }
  if (told.says === 'alarms') {
    const isOld = meter.newestAlarmsMs !== null && measuredMs <= meter.newestAlarmsMs;
    if (isOld) return { state: 'noted', meterId, reason: 'outdated', detail: 'newer alarms of this meter came before' };
    return { state: 'stored', meterId, reason: '', detail: '', alarms: told.alarms, atMs: measuredMs };
  }
  if (meter.message !== told.message) {
    return refuse('wrong-kind', `the model ${meter.modelName} of ${meter.serial} is for other messages: give it the model of this kind`);
  }
  if (isTaken) return refuse('replayed', 'another message of this meter and moment came before');
  const { plan } = meter;
  if (plan === null) return refuse('wrong-model', `the model ${meter.modelName} of ${meter.serial} cannot be read`);
  const words = plan.blocks.map(({ address, count }) => told.words.slice(address, address + count));
  if (words.some((block, index) => block.length !== plan.blocks[index]?.count)) {
    return refuse('wrong-model', `the model ${meter.modelName} of ${meter.serial} has registers beyond the end of the message`);
  }
  const { values, extra, refused } = decodeReading(plan, words, meter.ratios);
  const row: ReadingRow = {
    meterId: meter.meterId,
    atMs: measuredMs,
    takenAtMs: measuredMs,
    latencyMs: Math.max(0, receivedMs - measuredMs),
    values,
    extra: Object.keys(extra).length > 0 ? extra : null,
    refused: Object.keys(refused).length > 0 ? refused : null,
  };
  return { state: 'stored', meterId, reason: '', detail: '', row, startsInstallation: meter.fromMs === null };
}
