import type { Request } from './modbus-answer.ts';

const MBAP = 6;
const CRC = 2;
const SHORT_REQUEST = 8;

/** Bit by bit, as the manual draws it (Modbus over serial line V1.02, 6.2.2): the reader has a table. */
function checksum(bytes: Buffer): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** Null until enough has come to tell. */
function lengthOf(received: Buffer): number | null {
  if (received[1] !== 16) return SHORT_REQUEST;
  return received.length < 7 ? null : 7 + received[6]! + CRC;
}

/** As `takeRequests`, of raw RTU. What is no frame is dropped with all that came with it, as after a silence on a bus. */
export function takeRtuRequests(received: Buffer, onRequest: (request: Request) => void): { rest: Buffer } {
  let rest = received;
  for (;;) {
    const length = lengthOf(rest);
    if (length === null || rest.length < length) return { rest };
    const body = rest.subarray(0, length - CRC);
    if (checksum(body) !== rest.readUInt16LE(body.length)) return { rest: rest.subarray(rest.length) };
    rest = rest.subarray(length);
    const [unitId = 0, modbusFunction = 0] = body;
    const count = body.readUInt16BE(4);
    const words = Array.from({ length: Math.floor((body[6] ?? 0) / 2) }, (_, place) => body.readUInt16BE(7 + place * 2));
    onRequest({
      transactionId: 0,
      unitId,
      function: modbusFunction,
      address: body.readUInt16BE(2),
      count,
      words: modbusFunction === 6 ? [count] : words,
    });
  }
}

/** An answer of Modbus TCP as RTU. One that was spoilt in what RTU has not is spoilt in its checksum. */
export function rtuAnswer(frame: Buffer): Buffer {
  const body = frame.subarray(MBAP);
  const isSpoilt = frame.readUInt16BE(0) !== 0 || frame.readUInt16BE(2) !== 0;
  const crc = Buffer.alloc(CRC);
  crc.writeUInt16LE(checksum(body) ^ (isSpoilt ? 0x5555 : 0));
  return Buffer.concat([body, crc]);
}
