import { EXCEPTION_BIT, wordAt } from './modbus-frame.ts';

/** What a server of registers is asked. */
export interface RegisterRequest {
  unitId: number;
  address: number;
  count: number;
}

export type RegisterAnswer = { words: readonly number[] } | { exception: number };

/** As the specification of Modbus names them (application protocol V1.1b3, 7). */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  serverFailure: 4,
  noSuchUnit: 10,
  noAnswerFromMeter: 11,
} as const;

const MOST_REGISTERS = 125;
const READ_LENGTH = 6;
const ADDRESSES = 0x1_0000;

/** The body of a request, which begins with unit and function: to read registers, or how it is refused. */
export function readRequest(body: Uint8Array): RegisterRequest | { exception: number } {
  const [unitId = 0, modbusFunction = 0] = body;
  if (modbusFunction !== 3 && modbusFunction !== 4) return { exception: EXCEPTION.illegalFunction };
  const [address, count] = [wordAt(body, 2), wordAt(body, 4)];
  if (body.length !== READ_LENGTH || count < 1 || count > MOST_REGISTERS) return { exception: EXCEPTION.illegalValue };
  if (address + count > ADDRESSES) return { exception: EXCEPTION.illegalAddress };
  return { unitId, address, count };
}

/** The body of the answer to a request with this body. */
export function answerBody([unitId = 0, modbusFunction = 0]: Uint8Array, answer: RegisterAnswer): Uint8Array {
  if ('exception' in answer) return Uint8Array.of(unitId, modbusFunction | EXCEPTION_BIT, answer.exception);
  const { words } = answer;
  return Uint8Array.of(unitId, modbusFunction, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff]));
}
