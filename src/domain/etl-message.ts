import { ETL_ALARMS, ETL_KINDS, namelessValue, type EtlField, type EtlKind } from './etl-kinds.ts';

export interface EtlHeader {
  apiVersion: number;
  /** Null where it is no time between 2000 and 2100, as `sentMs` is. */
  measuredMs: number | null;
  sentMs: number | null;
  kind: number;
  contentLength: number;
  /** As sent: nobody says how it is reckoned. */
  crc: number;
}

export type EtlRefusal = 'too-short' | 'unknown-kind' | 'wrong-length' | 'absurd-time';

export type EtlMessageRead =
  | { ok: true; header: EtlHeader & { measuredMs: number }; kindName: string; body: Uint8Array }
  | { ok: false; reason: EtlRefusal; detail: string; header?: EtlHeader };

export interface EtlValue {
  name: string;
  meaning: string | null;
  /** What is no finite number, or no text, is shown as text. */
  value: number | string;
}

export interface EtlAlarm {
  name: string;
  meaning: string;
  on: boolean;
  /** The byte itself: anything but 0 is on, and other than 1 is odd. */
  sent: number;
}

const HEADER_BYTES = 21;
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** An ETL message by its header. Whatever the bytes are, the answer is a message or the reason why it is none. */
export function readEtlMessage(payload: Uint8Array): EtlMessageRead {
  if (payload.length < HEADER_BYTES) {
    return { ok: false, reason: 'too-short', detail: `${payload.length} bytes are less than a header of ${HEADER_BYTES}` };
  }
  const view = viewOf(payload);
  const measuredSeconds = view.getFloat64(1);
  const measuredMs = plausibleMs(measuredSeconds);
  const header = {
    apiVersion: view.getUint8(0),
    measuredMs,
    sentMs: plausibleMs(view.getFloat64(9)),
    kind: view.getUint8(17),
    contentLength: view.getUint16(18),
    crc: view.getInt8(20),
  };
  const kind = ETL_KINDS.get(header.kind);
  if (kind === undefined) return { ok: false, reason: 'unknown-kind', detail: `There is no kind ${header.kind}`, header };
  const body = payload.subarray(HEADER_BYTES);
  const wrong = wrongLength(kind, body.length, header.contentLength);
  if (wrong !== null) return { ok: false, reason: 'wrong-length', detail: wrong, header };
  if (measuredMs === null) {
    const detail = `The time of measurement, ${measuredSeconds} s after 1970, is not between 2000 and 2100`;
    return { ok: false, reason: 'absurd-time', detail, header };
  }
  return { ok: true, header: { ...header, measuredMs }, kindName: kind.name, body };
}

/** The values of a body by name. What does not fit the kind is shown as far as it goes, and the rest as bytes. */
export function etlFields(kind: number, body: Uint8Array): EtlValue[] {
  const view = viewOf(body);
  const whole = (ETL_KINDS.get(kind)?.fields ?? []).filter(({ offset, bytes }) => offset + bytes <= body.length);
  const values = whole.map((field) => ({ name: field.name, meaning: field.meaning, value: shown(view, field) }));
  const last = whole.at(-1);
  const rest = body.subarray(last === undefined ? 0 : last.offset + last.bytes);
  return rest.length === 0 ? values : [...values, { name: namelessValue(values.length), meaning: null, value: hex(rest) }];
}

/** The alarms of a body of kind 30, as many as it has. */
export function etlAlarms(body: Uint8Array): EtlAlarm[] {
  const fields = ETL_KINDS.get(ETL_ALARMS)?.fields ?? [];
  return fields.slice(0, body.length).map(({ name, meaning, offset }) => {
    const sent = body[offset] ?? 0;
    return { name, meaning: meaning ?? name, on: sent !== 0, sent };
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function plausibleMs(seconds: number): number | null {
  const ms = Math.round(seconds * 1000);
  return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : null;
}

function wrongLength({ name, sizes }: EtlKind, length: number, contentLength: number): string | null {
  if (sizes !== null && !sizes.includes(length)) return `The body of ${name} has ${length} bytes, not ${sizes.join(' or ')}`;
  return length === contentLength ? null : `The body has ${length} bytes, its header says ${contentLength}`;
}

function shown(view: DataView, { type, offset, bytes }: EtlField): number | string {
  switch (type) {
    case 'uint8':
      return view.getUint8(offset);
    case 'uint16':
      return view.getUint16(offset);
    case 'uint32':
      return view.getUint32(offset);
    case 'float32':
      return finite(view.getFloat32(offset));
    case 'float64':
      return finite(view.getFloat64(offset));
    case 'text':
      return text(new Uint8Array(view.buffer, view.byteOffset + offset, bytes));
    case 'bytes':
      return hex(new Uint8Array(view.buffer, view.byteOffset + offset, bytes));
  }
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Printable, without the zeroes that fill it up; else as hex after `0x`, with which no text begins then. */
function text(bytes: Uint8Array): string {
  const characters = String.fromCharCode(...bytes).replace(/\0+$/, '');
  return /^(?!0x)[\x20-\x7e]*$/.test(characters) ? characters : `0x${hex(bytes)}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
