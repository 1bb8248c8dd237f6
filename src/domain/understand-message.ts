import { etlAlarms, readEtlMessage, type EtlAlarm } from './etl-message.ts';
import { parseEtlTopic } from './etl-topic.ts';
import { deviceOfTopic, readTuple, wordsOfKwh } from './measurement-tuple.ts';
import type { MessageKind } from './meter-model.ts';
import type { PushedMessage } from './pushed-message.ts';

/** What every message tells about itself, as far as it could be read. */
interface Envelope {
  /** The number of the kind; null where a message has none. */
  etlKind: number | null;
  sender: string;
  measuredMs: number | null;
  sentMs: number | null;
}

export type Understood = Envelope &
  (
    | { says: 'values'; measuredMs: number; message: MessageKind; words: number[] }
    | { says: 'alarms'; measuredMs: number; alarms: EtlAlarm[] }
    /** Nothing that is measured. */
    | { says: 'other' }
    | { says: 'nothing'; reason: string; detail: string }
  );

const THREE_PHASE = 18;
const SINGLE_PHASE = 21;
const ALARMS = 30;
/** Clocks of meters go wrong by minutes. */
const EARLY_MS = 5 * 60_000;
/** A gateway that was cut off sends what it kept. */
const LATE_MS = 31 * 24 * 3_600_000;

function wordsOf(body: Uint8Array): number[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: body.byteLength >> 1 }, (_, index) => view.getUint16(2 * index));
}

function withinTime(told: Understood, { receivedMs }: PushedMessage): Understood {
  if (told.says === 'nothing' || told.says === 'other' || told.measuredMs === null) return told;
  const { etlKind, sender, measuredMs, sentMs } = told;
  const aheadMs = measuredMs - receivedMs;
  const refuse = (reason: string, detail: string): Understood => ({ says: 'nothing', reason, detail, etlKind, sender, measuredMs, sentMs });
  if (aheadMs > EARLY_MS) return refuse('early', `measured ${Math.round(aheadMs / 1_000)} s after it was received`);
  if (-aheadMs > LATE_MS) return refuse('late', `measured ${Math.floor(-aheadMs / 86_400_000)} days before it was received`);
  return told;
}

function understandTuple(device: string, { payload }: PushedMessage): Understood {
  const envelope = { etlKind: null, sender: device, measuredMs: null, sentMs: null };
  const refuse = (reason: string, detail: string): Understood => ({ says: 'nothing', reason, detail, ...envelope });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return refuse('not-json', 'the content is not valid JSON');
  }
  const read = readTuple(value);
  if (!read.ok) return refuse('bad-value', read.detail);
  const { measuredMs, kwh } = read.tuple;
  if (read.tuple.device !== device) return refuse('foreign-device', `is of ${read.tuple.device}, but came by the topic of ${device}`);
  return { says: 'values', ...envelope, measuredMs, message: 'energy', words: wordsOfKwh(kwh) };
}

function understandEtl({ topic, payload }: PushedMessage): Understood {
  const place = parseEtlTopic(topic);
  const sender = place.ok ? place.sender : '';
  const read = readEtlMessage(payload);
  const header = read.header ?? null;
  const envelope: Envelope = {
    etlKind: header?.kind ?? null,
    sender,
    measuredMs: header?.measuredMs ?? null,
    sentMs: header?.sentMs ?? null,
  };
  if (!place.ok) return { says: 'nothing', ...envelope, reason: 'bad-topic', detail: place.detail };
  if (!read.ok) return { says: 'nothing', ...envelope, reason: read.reason, detail: read.detail };
  const { measuredMs, kind } = read.header;
  if (kind === THREE_PHASE || kind === SINGLE_PHASE) {
    return { says: 'values', ...envelope, measuredMs, message: kind === THREE_PHASE ? 'etl-18' : 'etl-21', words: wordsOf(read.body) };
  }
  if (kind === ALARMS) return { says: 'alarms', ...envelope, measuredMs, alarms: etlAlarms(read.body) };
  return { says: 'other', ...envelope };
}

/** What a message says by itself, before anybody knows whose it is. Never throws, whatever the bytes are. */
export function understand(message: PushedMessage): Understood {
  const device = deviceOfTopic(message.topic);
  return withinTime(device === null ? understandEtl(message) : understandTuple(device, message), message);
}
