import type { Ask } from '../../src/modbus/read-meter.ts';

export const MARKER = [0x5375, 0x6e53];

export interface Device {
  registers: Map<number, number>;
  asked: { address: number; count: number }[];
  /** In place of an answer. */
  fault: Awaited<ReturnType<Ask>> | null;
  ask: Ask;
}

export function readOf(request: Parameters<Ask>[0]): { address: number; count: number } {
  if (!('count' in request)) throw new Error('nobody asked to write');
  return request;
}

/** A unit that knows these registers and refuses every request that touches another one. */
export function makeDevice(): Device {
  const device: Device = {
    registers: new Map(),
    asked: [],
    fault: null,
    ask: (request) => {
      const { address, count } = readOf(request);
      device.asked.push({ address, count });
      if (device.fault !== null) return Promise.resolve(device.fault);
      const words = Array.from({ length: count }, (_, place) => device.registers.get(address + place));
      return Promise.resolve(
        words.every((word) => word !== undefined)
          ? { ok: true, words }
          : { ok: false, reason: 'refused', exception: 2, detail: 'illegal data address' },
      );
    },
  };
  return device;
}

export function put(device: Device, address: number, words: readonly number[]): number {
  words.forEach((word, place) => device.registers.set(address + place, word));
  return address + words.length;
}

/** Marker, models with zeros in them, end; answers where each model begins. */
export function putChain(
  device: Device,
  at: number,
  models: readonly (readonly [id: number, length: number])[],
  end = true,
): Map<number, number> {
  const places = new Map<number, number>();
  let address = put(device, at, MARKER);
  for (const [id, length] of models) {
    places.set(id, address);
    address = put(device, address, [id, length, ...Array.from({ length }, () => 0)]);
  }
  if (end) put(device, address, [0xffff, 0]);
  return places;
}
