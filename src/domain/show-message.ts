import { ETL_ALARMS, ETL_KINDS } from './etl-kinds.ts';
import { etlAlarms, etlFields, readEtlMessage, type EtlAlarm, type EtlHeader, type EtlValue } from './etl-message.ts';
import { parseEtlTopic, type EtlTopic } from './etl-topic.ts';
import { deviceOfTopic } from './measurement-tuple.ts';
import type { PushedMessage } from './pushed-message.ts';

/** A message as people look at it: whatever can be read of it, also where it was refused. */
export interface ShownMessage {
  /** Null where the topic is none of ETL. */
  topicParts: EtlTopic | null;
  /** Null where the content is too short for one, or no ETL message at all. */
  header: EtlHeader | null;
  fields: EtlValue[];
  alarms: EtlAlarm[];
  /** The content as text, where it is text. */
  text: string | null;
}

const HEADER_BYTES = 21;

export function showMessage({ topic, payload }: Pick<PushedMessage, 'topic' | 'payload'>): ShownMessage {
  const text = textOf(payload);
  const nothing: ShownMessage = { topicParts: null, header: null, fields: [], alarms: [], text };
  if (deviceOfTopic(topic) !== null) return nothing;
  const { ok, ...parts } = parseEtlTopic(topic);
  const topicParts = ok ? (parts as EtlTopic) : null;
  const header = readEtlMessage(payload).header ?? null;
  if (header === null) return { ...nothing, topicParts };
  const body = payload.subarray(HEADER_BYTES);
  const isAlarms = header.kind === ETL_ALARMS;
  return {
    topicParts,
    header,
    fields: isAlarms ? [] : etlFields(header.kind, body),
    alarms: isAlarms ? etlAlarms(body) : [],
    text,
  };
}

export function nameOfKind(kind: number | null): string | null {
  return kind === null ? null : (ETL_KINDS.get(kind)?.name ?? null);
}

/** Null for what nobody could read. */
function textOf(payload: Uint8Array): string | null {
  if (payload.length === 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return /[\p{Cc}\p{Cs}]/u.test(text.replaceAll(/[\t\r\n]/g, '')) ? null : text;
  } catch {
    return null;
  }
}
