import type { MeterModel, RegisterSpec } from '../domain/meter-model.ts';
import { wireValue } from './wire-value.ts';

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const DEVICE_FAILURE = 4;
const UNLOCKED_MS = 60_000;
/** As the meter comes. */
const PASSWORD = 0;
const AT_FIRST: Readonly<Record<string, number>> = {
  password: PASSWORD,
  network_baud: 2,
  demand_period: 60,
  system_type: 3,
  pulse_width: 100,
};

/** What a meter keeps and does not measure: what may be set, and its serial number. */
export function isSetting(spec: RegisterSpec): boolean {
  return spec.function === 3 && (spec.writable !== '' || spec.quantity === 'serial_number');
}

interface Kept {
  spec: RegisterSpec;
  bytes: Buffer;
}

/** The holding registers of a virtual meter that can be set. One parameter per write, and some want the password first. */
export class MeterSettings {
  readonly #kept: Kept[];
  readonly #singleWrites: boolean;
  #unlockedMs = -Infinity;

  constructor(model: MeterModel, { unitId, serialNumber }: { unitId: number; serialNumber: number }) {
    // A meter whose parameters are two registers each knows no function for one.
    this.#singleWrites = !model.evenOnly;
    this.#kept = model.registers.filter(isSetting).map((spec) => {
      const [least = '0'] = spec.writable.split(/\.\.|\|/);
      const own = { network_node: unitId, serial_number: serialNumber }[spec.quantity];
      const bytes = Buffer.alloc(spec.words * 2);
      wireValue(spec).write(bytes, 0, own ?? AT_FIRST[spec.quantity] ?? Number(least));
      return { spec, bytes };
    });
  }

  /** What is kept, over the words of an answer that begins at that address. */
  showIn(frame: Buffer, at: number, { address, count }: { address: number; count: number }): void {
    for (const { spec, bytes } of this.#kept) {
      if (spec.address >= address && spec.address + spec.words <= address + count) bytes.copy(frame, at + (spec.address - address) * 2);
    }
  }

  /** An exception code, or null when all of it was taken. */
  write(
    { function: modbusFunction, address, words }: { function: number; address: number; words: readonly number[] },
    nowMs: number,
  ): number | null {
    if (modbusFunction === 6 && !this.#singleWrites) return ILLEGAL_FUNCTION;
    const taken: { kept: Kept; bytes: Buffer }[] = [];
    for (let at = 0; at < words.length;) {
      const kept = this.#kept.find(({ spec }) => spec.address === address + at && spec.writable !== '');
      if (kept === undefined || at + kept.spec.words > words.length) return ILLEGAL_ADDRESS;
      const bytes = Buffer.alloc(kept.spec.words * 2);
      for (let place = 0; place < kept.spec.words; place += 1) bytes.writeUInt16BE(words[at + place] ?? 0, place * 2);
      const refusal = this.#refusalOf(kept.spec, valueOf(kept.spec, bytes), nowMs);
      if (refusal !== null) return refusal;
      taken.push({ kept, bytes });
      at += kept.spec.words;
    }
    if (taken.length > 1 && !this.#singleWrites) return ILLEGAL_VALUE;
    for (const { kept, bytes } of taken) bytes.copy(kept.bytes);
    return null;
  }

  #refusalOf({ quantity, writable, description }: RegisterSpec, value: number, nowMs: number): number | null {
    if (!allows(writable, value)) return ILLEGAL_VALUE;
    if (quantity === 'password') this.#unlockedMs = value === PASSWORD ? nowMs : -Infinity;
    return quantity !== 'password' && description.includes('password') && nowMs - this.#unlockedMs > UNLOCKED_MS ? DEVICE_FAILURE : null;
  }

  /** By quantity; null where the meter has no such register. */
  value(quantity: string): number | null {
    const kept = this.#kept.find(({ spec }) => spec.quantity === quantity);
    return kept === undefined ? null : valueOf(kept.spec, kept.bytes);
  }
}

/** Written here once more, for big-endian parameters: what judges the writer must not share its mistakes. */
function valueOf({ type, quantity }: RegisterSpec, bytes: Buffer): number {
  switch (type) {
    case 'float32':
      return bytes.readFloatBE(0);
    case 'uint16':
      return bytes.readUInt16BE(0);
    case 'int16':
      return bytes.readInt16BE(0);
    case 'uint32':
      return bytes.readUInt32BE(0);
    default:
      throw new Error(`A virtual meter keeps no ${type}, as ${quantity} is.`);
  }
}

function allows(writable: string, value: number): boolean {
  for (const part of writable.split('|')) {
    const ends = part.split('..').map(Number);
    if (value >= Math.min(...ends) && value <= Math.max(...ends)) return true;
  }
  return false;
}
