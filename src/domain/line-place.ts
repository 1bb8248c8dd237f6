import { LONGEST_RTU_FRAME } from './rtu-frame.ts';

export const PARITIES = ['none', 'even', 'odd'] as const;
export type Parity = (typeof PARITIES)[number];

export const STOP_BITS = [1, 2] as const;

export const BAUD_RATES = [
  300, 600, 1200, 2400, 4800, 9600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
] as const;

/** A gateway or meter on the network: Modbus TCP, or raw RTU frames. */
export interface NetworkPlace {
  transport: 'tcp' | 'rtu_over_tcp';
  host: string;
  port: number;
}

/** A bus on a serial port of this machine. */
export interface SerialPlace {
  transport: 'rtu';
  serialPath: string;
  baudRate: number;
  parity: Parity;
  stopBits: (typeof STOP_BITS)[number];
}

/** Where a line is and what is spoken there. */
export type LinePlace = NetworkPlace | SerialPlace;

export function describePlace(place: LinePlace): string {
  return place.transport === 'rtu' ? place.serialPath : `${place.host}:${place.port}`;
}

const DATA_BITS = 8;
// What most meters come set to; a gateway does not tell how fast its bus is.
export const USUAL_BUS = { baudRate: 9600, parity: 'none', stopBits: 1 } as const;

export type Bus = Pick<SerialPlace, 'baudRate' | 'parity' | 'stopBits'>;

/** How long so many bytes are on the bus. */
export function bytesMs({ baudRate, parity, stopBits }: Bus, bytes: number): number {
  const bits = 1 + DATA_BITS + (parity === 'none' ? 0 : 1) + stopBits;
  return (bytes * bits * 1000) / baudRate;
}

const FAST_BAUD_RATE = 19_200;
const FAST_GAP_MS = 1.75;

/** The silence that ends a frame: 3.5 characters, above 19,200 baud a fixed time (Modbus over serial line V1.02, 2.5.1.1). */
export function frameGapMs(bus: Bus): number {
  return bus.baudRate > FAST_BAUD_RATE ? FAST_GAP_MS : bytesMs(bus, 3.5);
}

/** An answer that had begun when the time to wait for it ran out has ended after that much silence. */
export function quietMs(place: LinePlace, timeoutMs: number): number {
  const bus = place.transport === 'rtu' ? place : USUAL_BUS;
  return Math.min(timeoutMs, Math.ceil(bytesMs(bus, LONGEST_RTU_FRAME) + frameGapMs(bus)));
}
