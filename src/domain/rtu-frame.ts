import {
  checkReply,
  ECHO_LENGTH,
  EXCEPTION_BIT,
  EXCEPTION_LENGTH,
  fault,
  isWrite,
  joined,
  valueBytes,
  VALUES_AT,
  type ModbusRequest,
  type ReplyCheck,
} from './modbus-frame.ts';

/** Unit, PDU and checksum: the longest frame the manual allows (Modbus over serial line V1.02, 2.5.1). */
export const LONGEST_RTU_FRAME = 256;
const CRC_LENGTH = 2;
const NOTHING = new Uint8Array(0);

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** The checksum of a Modbus RTU frame over its first `length` bytes; sent low byte first. */
export function crc16(bytes: Uint8Array, length: number = bytes.length): number {
  let crc = 0xffff;
  for (let at = 0; at < length; at += 1) crc = (crc >> 8) ^ (CRC_TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc;
}

export function encodeRtu(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + CRC_LENGTH);
  const crc = crc16(body);
  frame.set(body);
  frame[body.length] = crc & 0xff;
  frame[body.length + 1] = crc >> 8;
  return frame;
}

/** A reply that is not whole yet has no body; `rest` is what came behind one that is. */
export type ReplyRead = { ok: true; body: Uint8Array | null; rest: Uint8Array } | (ReplyCheck & { ok: false });

/** The reply to one request, out of bytes that may come torn. RTU has no length: what was asked says how long the answer is. */
export class RtuReader {
  #pending: Uint8Array = NOTHING;

  /** What has come and is no reply yet. */
  get pending(): Uint8Array {
    return this.#pending;
  }

  push(chunk: Uint8Array, request: ModbusRequest): ReplyRead {
    const bytes = joined(this.#pending, chunk);
    this.#pending = bytes;
    const length = replyLength(bytes, request);
    if (length !== null && typeof length !== 'number') return length;
    if (length === null || bytes.length < length) return { ok: true, body: null, rest: NOTHING };
    const body = bytes.subarray(0, length - CRC_LENGTH);
    if (!isFrame(bytes.subarray(0, length))) return fault('crc', crc16(body), crcAt(bytes, body.length));
    const check = checkReply(body, request);
    if (!check.ok) return check;
    this.#pending = NOTHING;
    return { ok: true, body, rest: bytes.subarray(length) };
  }
}

/** How many bytes the reply to a request takes when it is no exception. */
export function rtuReplyLength(request: ModbusRequest): number {
  return (isWrite(request) ? ECHO_LENGTH : VALUES_AT + valueBytes(request)) + CRC_LENGTH;
}

/**
 * The bodies of all whole frames in bytes that answered nothing: replies, exceptions, and requests of somebody else.
 * They may lie between bytes that are none; only a right checksum makes a frame.
 */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    const lengths = [EXCEPTION_LENGTH + CRC_LENGTH, ECHO_LENGTH + CRC_LENGTH, VALUES_AT + (rest[2] ?? 0) + CRC_LENGTH];
    const length = lengths.find((candidate) => candidate <= rest.length && isFrame(rest.subarray(0, candidate)));
    if (length !== undefined) bodies.push(rest.subarray(0, length - CRC_LENGTH));
    at += length ?? 1;
  }
  return bodies;
}

function isFrame(bytes: Uint8Array): boolean {
  return crc16(bytes, bytes.length - CRC_LENGTH) === crcAt(bytes, bytes.length - CRC_LENGTH);
}

/** Null while too little has come to tell; a fault as soon as it cannot be the answer. */
function replyLength(bytes: Uint8Array, request: ModbusRequest): number | null | (ReplyCheck & { ok: false }) {
  const [unitId, modbusFunction, byteCount] = bytes;
  if (unitId === undefined) return null;
  if (unitId !== request.unitId) return fault('unit', request.unitId, unitId);
  if (modbusFunction === undefined) return null;
  if (modbusFunction === (request.function | EXCEPTION_BIT)) return EXCEPTION_LENGTH + CRC_LENGTH;
  if (modbusFunction !== request.function) return fault('function', request.function, modbusFunction);
  if (isWrite(request)) return rtuReplyLength(request);
  if (byteCount === undefined) return null;
  const expected = valueBytes(request);
  return byteCount === expected ? rtuReplyLength(request) : fault('byte-count', expected, byteCount);
}

function crcAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
