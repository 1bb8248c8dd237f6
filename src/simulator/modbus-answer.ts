/** The framing of Modbus TCP, written here once more: what judges the reader must not share its mistakes. */
export interface Request {
  transactionId: number;
  unitId: number;
  function: number;
  address: number;
  count: number;
  /** To be written; none in a request to read. */
  words: number[];
}

const HEADER = 7;
const LONGEST = 260;

/** Cuts whole requests out of what has come in; null in `rest` means that this is no Modbus and the connection must end. */
export function takeRequests(received: Buffer, onRequest: (request: Request) => void): { rest: Buffer | null } {
  let at = 0;
  while (received.length - at >= HEADER) {
    const length = received.readUInt16BE(at + 4);
    if (received.readUInt16BE(at + 2) !== 0 || length < 2 || length > LONGEST) return { rest: null };
    if (received.length - at < 6 + length) break;
    const asked = length >= 6;
    const modbusFunction = received[at + 7]!;
    const count = asked ? received.readUInt16BE(at + 10) : 0;
    onRequest({
      transactionId: received.readUInt16BE(at),
      unitId: received[at + 6]!,
      function: modbusFunction,
      address: asked ? received.readUInt16BE(at + 8) : 0,
      count,
      words: modbusFunction === 6 ? [count] : modbusFunction === 16 ? wordsFrom(received.subarray(at + HEADER + 6, at + 6 + length)) : [],
    });
    at += 6 + length;
  }
  return { rest: received.subarray(at) };
}

function wordsFrom(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, place) => bytes.readUInt16BE(place * 2));
}

export const VALUES_AT = HEADER + 2;

/** Room for the values is left from VALUES_AT on. */
export function startAnswer(request: Request, bytes: number): Buffer {
  const frame = Buffer.allocUnsafe(VALUES_AT + bytes);
  header(frame, request);
  frame[7] = request.function;
  frame[8] = bytes;
  return frame;
}

/** Of a write: where and what of one word, where and how many of several. */
export function echoAnswer(request: Request): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + 5);
  header(frame, request);
  frame[7] = request.function;
  frame.writeUInt16BE(request.address, 8);
  frame.writeUInt16BE(request.count, 10);
  return frame;
}

export function exceptionAnswer(request: Request, code: number): Buffer {
  const frame = Buffer.allocUnsafe(9);
  header(frame, request);
  frame[7] = request.function | 0x80;
  frame[8] = code;
  return frame;
}

function header(frame: Buffer, request: Request): void {
  frame.writeUInt16BE(request.transactionId, 0);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt16BE(frame.length - 6, 4);
  frame[6] = request.unitId;
}

/** Each in its turn: every way in which an answer can be wrong while it looks like one. The values in it are never true. */
const SPOIL: readonly ((frame: Buffer) => Buffer)[] = [
  (frame) => Buffer.alloc(frame.length, 0xa5),
  (frame) => with16(frame, 0, frame.readUInt16BE(0) ^ 0x0100),
  (frame) => with16(frame, 2, 1),
  (frame) => with8(frame, 6, frame[6]! ^ 0x40),
  (frame) => with8(frame, 7, frame[7]! ^ 0x07),
  (frame) => with8(frame, 8, Math.max(0, frame[8]! - 2)),
  (frame) => frame.subarray(0, frame.length - 3),
];

export function garbageAnswer(request: Request, turn: number): Buffer {
  const frame = startAnswer(request, Math.max(1, request.count & 0x7f) * 2);
  for (let at = VALUES_AT; at < frame.length; at += 1) frame[at] = (turn * 31 + at * 17) & 0xff;
  return SPOIL[turn % SPOIL.length]!(frame);
}

function with8(frame: Buffer, at: number, value: number): Buffer {
  frame[at] = value;
  return frame;
}

function with16(frame: Buffer, at: number, value: number): Buffer {
  frame.writeUInt16BE(value, at);
  return frame;
}
