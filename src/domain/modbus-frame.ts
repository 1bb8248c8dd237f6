/** A request to read, as modbus-serial and every Modbus manual name its parts. */
export interface ReadRequest {
  unitId: number;
  function: number;
  address: number;
  count: number;
}

/** A request to write one register (6) or several (16). */
export interface WriteRequest {
  unitId: number;
  function: 6 | 16;
  address: number;
  words: number[];
}

export type ModbusRequest = ReadRequest | WriteRequest;

export type Mismatch =
  | 'transaction-id'
  | 'protocol-id'
  | 'length'
  | 'unit'
  | 'function'
  | 'byte-count'
  | 'address'
  | 'value'
  | 'count'
  | 'crc';

export type ReplyCheck = { ok: true } | { ok: false; mismatch: Mismatch; detail: string };

export const EXCEPTION_BIT = 0x80;
/** Unit, function, code. */
export const EXCEPTION_LENGTH = 3;
/** Unit, function, address, and the value (6) or count (16) that was written. */
export const ECHO_LENGTH = 6;
/** Unit, function, byte count. */
export const VALUES_AT = 3;

export function isWrite(request: ModbusRequest): request is WriteRequest {
  return 'words' in request;
}

/** How many bytes of values the reply to a request to read carries. */
export function valueBytes({ function: modbusFunction, count }: ReadRequest): number {
  return modbusFunction < 3 ? Math.ceil(count / 8) : count * 2;
}

/** Could the answer to one pass for the answer to the other, where only the answer itself tells whose it is? */
export function looksAlike(one: ModbusRequest, other: ModbusRequest): boolean {
  if (one.unitId !== other.unitId || one.function !== other.function) return false;
  if (isWrite(one) || isWrite(other)) return isWrite(one) && isWrite(other) && one.address === other.address;
  return valueBytes(one) === valueBytes(other);
}

/** What a request must be answered with, taken from the bytes of the request itself. */
export function requestOf(body: Uint8Array): ModbusRequest {
  const [unitId = 0, modbusFunction = 0] = body;
  const address = wordAt(body, 2);
  if (modbusFunction === 6) return { unitId, function: 6, address, words: [wordAt(body, 4)] };
  if (modbusFunction === 16) {
    const words = Array.from({ length: wordAt(body, 4) }, (_, place) => wordAt(body, 7 + place * 2));
    return { unitId, function: 16, address, words };
  }
  if (modbusFunction < 1 || modbusFunction > 4) throw new RangeError(`function ${modbusFunction} neither reads nor writes registers`);
  return { unitId, function: modbusFunction, address, count: wordAt(body, 4) };
}

/** Does this body answer that request? A well-formed exception does. */
export function checkReply(body: Uint8Array, request: ModbusRequest): ReplyCheck {
  const unitId = body[0];
  if (unitId !== request.unitId) return fault('unit', request.unitId, unitId);
  const answered = body[1];
  if (answered === (request.function | EXCEPTION_BIT)) return checkLength(body, EXCEPTION_LENGTH);
  if (answered !== request.function) return fault('function', request.function, answered);
  if (isWrite(request)) return checkEcho(body, request);
  const bytes = valueBytes(request);
  if (body[2] !== bytes) return fault('byte-count', bytes, body[2]);
  return checkLength(body, bytes + VALUES_AT);
}

/** A write is answered with what was written: one value itself, of several their count. */
function checkEcho(body: Uint8Array, { function: modbusFunction, address, words }: WriteRequest): ReplyCheck {
  const length = checkLength(body, ECHO_LENGTH);
  if (!length.ok) return length;
  if (wordAt(body, 2) !== address) return fault('address', address, wordAt(body, 2));
  const [mismatch, expected] = modbusFunction === 6 ? (['value', words[0] ?? 0] as const) : (['count', words.length] as const);
  return wordAt(body, 4) === expected ? { ok: true } : fault(mismatch, expected, wordAt(body, 4));
}

function checkLength(body: Uint8Array, expected: number): ReplyCheck {
  return body.length === expected ? { ok: true } : fault('length', expected, body.length);
}

export function fault(mismatch: Mismatch, expected: number, got: number | undefined): ReplyCheck & { ok: false } {
  return { ok: false, mismatch, detail: `expected ${mismatch} ${expected}, got ${got ?? 'nothing'}` };
}

export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** What has come so far, with what comes now behind it. */
export function joined(pending: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (pending.length === 0) return chunk;
  const bytes = new Uint8Array(pending.length + chunk.length);
  bytes.set(pending);
  bytes.set(chunk, pending.length);
  return bytes;
}
