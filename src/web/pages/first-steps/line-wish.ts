import { BAUD_RATES, PARITIES, STOP_BITS, USUAL_BUS } from '../../../domain/line-place.ts';
import type { Trouble } from '../../data/api.ts';
import { words } from '../../words.ts';
import type { Line } from './house.ts';

const {
  firstSteps: { line: text, missing },
} = words;

export type Transport = 'tcp' | 'rtu_over_tcp' | 'rtu';
export const TRANSPORTS: readonly Transport[] = ['tcp', 'rtu_over_tcp', 'rtu'];
const USUAL_PORT = '502';
const CONFLICT = 409;

/** A line as it stands in the form: numbers are still texts. */
export interface LineWish {
  name: string;
  transport: Transport;
  host: string;
  port: string;
  serialPath: string;
  baudRate: string;
  parity: string;
  stopBits: string;
  unitId: string;
}

export type LineField = 'name' | 'host' | 'port' | 'serialPath' | 'unitId';
export type LineProblems = Partial<Record<LineField, string>>;

export function wishOf(line: Line | undefined, name: string): LineWish {
  return {
    name: line?.name ?? name,
    transport: line === undefined || line.transport === 'push' ? 'tcp' : line.transport,
    host: line?.host ?? '',
    port: line?.port == null ? USUAL_PORT : String(line.port),
    serialPath: line?.serialPath ?? '',
    baudRate: String(line?.baudRate ?? USUAL_BUS.baudRate),
    parity: line?.parity ?? USUAL_BUS.parity,
    stopBits: String(line?.stopBits ?? USUAL_BUS.stopBits),
    unitId: '1',
  };
}

/** A whole number of that range, or null. */
function wholeIn(written: string, least: number, most: number): number | null {
  const value = /^\d{1,5}$/.test(written.trim()) ? Number(written) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

export function unitIn(written: string): number | null {
  return wholeIn(written, 1, 247);
}

// An IPv6 address has several colons; a single one goes before a port.
function isHost(written: string): boolean {
  return /^[\w.:-]+$/.test(written) && written.split(':').length !== 2;
}

export function problemsIn(wish: LineWish): LineProblems {
  const isSerial = wish.transport === 'rtu';
  const problems: LineProblems = {};
  if (wish.name.trim() === '') problems.name = missing;
  if (unitIn(wish.unitId) === null) problems.unitId = text.unitWrong;
  if (isSerial && wish.serialPath.trim() === '') problems.serialPath = missing;
  if (!isSerial && wish.host.trim() === '') problems.host = missing;
  else if (!isSerial && !isHost(wish.host.trim())) problems.host = text.hostWrong;
  if (!isSerial && wholeIn(wish.port, 1, 65_535) === null) problems.port = text.portWrong;
  return problems;
}

/** What the server says of a line that it did not take, at its field. */
export function refusedFields({ status, fields }: Trouble): LineProblems {
  const isTaken = status === CONFLICT;
  return {
    ...(fields['name'] !== undefined && { name: fields['name'] }),
    ...(fields['host'] !== undefined && { host: isTaken ? text.taken : text.hostWrong }),
    ...(fields['port'] !== undefined && { port: text.portWrong }),
    ...(fields['serialPath'] !== undefined && { serialPath: isTaken ? text.taken : text.serialWrong }),
  };
}

/** Only what the transport has a use for. */
export function bodyOf({ name, transport, host, port, serialPath, ...bus }: LineWish) {
  if (transport !== 'rtu') return { name, transport, host: host.trim(), port: Number(port) };
  return {
    name,
    transport,
    serialPath: serialPath.trim(),
    baudRate: BAUD_RATES.find((rate) => String(rate) === bus.baudRate) ?? USUAL_BUS.baudRate,
    parity: PARITIES.find((parity) => parity === bus.parity) ?? USUAL_BUS.parity,
    stopBits: STOP_BITS.find((bits) => String(bits) === bus.stopBits) ?? USUAL_BUS.stopBits,
  };
}
