import type { PushedMessage } from './pushed-message.ts';

/** `{timestamp (ms), device_id, measurement_value (kWh)}`, as sensors send it. */
export interface MeasurementTuple {
  measuredMs: number;
  device: string;
  kwh: number;
}

export type ReadTuple = { ok: true; tuple: MeasurementTuple } | { ok: false; detail: string };

const DEVICE = /^[A-Za-z0-9._:-]{1,80}$/;
const KEYS = ['timestamp', 'device_id', 'measurement_value'];
const TOPIC = /^wattbook\/([^/]+)\/measurements$/;
const WORDS = 4;

/** The device that a topic belongs to, or null. */
export function deviceOfTopic(topic: string): string | null {
  return TOPIC.exec(topic)?.[1] ?? null;
}

export function topicOfDevice(device: string): string {
  return `wattbook/${device}/measurements`;
}

export function readTuple(value: unknown): ReadTuple {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, detail: 'is not an object' };
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return { ok: false, detail: `${unknown.slice(0, 40)} is not known here` };
  const [timestamp, device, kwh] = KEYS.map((key) => given.get(key));
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp))
    return { ok: false, detail: 'timestamp must be milliseconds since 1970' };
  const name = nameOf(device);
  if (name === null) {
    return { ok: false, detail: 'device_id must be 1 to 80 letters, digits, dots, colons, hyphens or underscores' };
  }
  if (typeof kwh !== 'number' || !Number.isFinite(kwh) || kwh < 0) return { ok: false, detail: 'measurement_value must be kWh, 0 or more' };
  return { ok: true, tuple: { measuredMs: timestamp, device: name, kwh } };
}

/** EMS numbers its devices. */
function nameOf(device: unknown): string | null {
  const name = Number.isSafeInteger(device) ? String(device) : device;
  return typeof name === 'string' && DEVICE.test(name) ? name : null;
}

/** Always the same bytes for the same tuple, so that it is known when it comes again by another way. */
export function pushedTuple(
  { measuredMs, device, kwh }: MeasurementTuple,
  from: Pick<PushedMessage, 'receivedMs' | 'sourceId'>,
): PushedMessage {
  const text = JSON.stringify({ timestamp: measuredMs, device_id: device, measurement_value: kwh });
  const { receivedMs, sourceId } = from;
  return { topic: topicOfDevice(device), payload: new TextEncoder().encode(text), receivedMs, sourceId };
}

const NOBODY = 'unknown';

/** Values that came without a topic. What cannot be read is a message all the same: it is refused where all are judged. */
export function pushedValues(values: unknown, from: Pick<PushedMessage, 'receivedMs' | 'sourceId'>): PushedMessage[] {
  const each: unknown[] = Array.isArray(values) ? values : [values];
  return each.map((value) => {
    const read = readTuple(value);
    if (read.ok) return pushedTuple(read.tuple, from);
    const { receivedMs, sourceId } = from;
    const device = nameOf((value as { device_id?: unknown } | null)?.device_id) ?? NOBODY;
    return { topic: topicOfDevice(device), payload: new TextEncoder().encode(JSON.stringify(value) ?? ''), receivedMs, sourceId };
  });
}

const MOST_AT_ONCE = 1_000;

/** Many values in one message are a message each, the unreadable ones among them, too. Anything else stays as it is. */
export function splitTuples(message: PushedMessage): PushedMessage[] {
  const device = deviceOfTopic(message.topic);
  if (device === null || message.payload[0] !== '['.charCodeAt(0)) return [message];
  try {
    const values: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(message.payload));
    if (!Array.isArray(values) || values.length === 0 || values.length > MOST_AT_ONCE) return [message];
    return values.map((value: unknown) => {
      const read = readTuple(value);
      if (read.ok && read.tuple.device === device) return pushedTuple(read.tuple, message);
      return { ...message, payload: new TextEncoder().encode(JSON.stringify(value)) };
    });
  } catch {
    // What is no JSON, or nested deeper than can be told.
    return [message];
  }
}

export interface QueuedMessage extends Pick<PushedMessage, 'payload' | 'receivedMs'> {
  /** When a broker took it; null where it does not say. It stays the same when the message comes again. */
  takenMs: number | null;
}

/** Sensors of EMS send no time. */
function timed(value: unknown, takenMs: number | null): unknown {
  if (takenMs === null || typeof value !== 'object' || value === null || 'timestamp' in value) return value;
  return { timestamp: takenMs, ...value };
}

/** What came by a queue, one value or many. What cannot be read stays as it is. */
export function queuedValues({ payload, receivedMs, takenMs }: QueuedMessage): PushedMessage[] {
  const from = { receivedMs, sourceId: null };
  try {
    const told: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    const values: unknown[] = Array.isArray(told) ? told : [told];
    if (values.length > 0 && values.length <= MOST_AT_ONCE)
      return pushedValues(
        values.map((value) => timed(value, takenMs)),
        from,
      );
  } catch {
    // What is no JSON, or nested deeper than can be told.
  }
  return [{ topic: topicOfDevice(NOBODY), payload, ...from }];
}

/** As a register of a model of the kind `energy` has it. */
export function wordsOfKwh(kwh: number): number[] {
  const view = new DataView(new ArrayBuffer(2 * WORDS));
  view.setFloat64(0, kwh);
  return Array.from({ length: WORDS }, (_, index) => view.getUint16(2 * index));
}
