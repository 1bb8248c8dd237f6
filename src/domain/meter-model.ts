/** What a meter can tell and where: a table, never code. The same shape in `meters/*.csv` and in the database. */
export interface MeterModel {
  /** The file's name in `meters/` without its ending, such as `eastron-sdm630`. */
  key: string;
  vendor: string;
  name: string;
  family: string;
  manual: string;
  /** Most registers the meter answers in one request. */
  maxRegisters: number;
  /** The meter answers only requests for an even number of registers. */
  evenOnly: boolean;
  /**
   * The number of the SunSpec model whose block in the meter the registers are, such as 203; null for fixed addresses.
   * Addresses then count from the block's first register, its id, as in the tables of SunSpec: the first point has 2.
   */
  sunspec: number | null;
  /** What such a meter pushes, whose content the registers are, instead of being asked; null for Modbus. */
  message: MessageKind | null;
  /** Tried against bytes from a manual or a published capture. */
  verified: boolean;
  registers: RegisterSpec[];
}

/**
 * `etl-18` and `etl-21`: the body of a message of that kind, as 16-bit words from address 0. `energy`: a number of kWh as a
 * float64 at address 0.
 */
export const MESSAGE_KINDS = ['etl-18', 'etl-21', 'energy'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const REGISTER_TYPES = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
  'bcd',
  'bit',
] as const;
export type RegisterType = (typeof REGISTER_TYPES)[number];
export type Order = 'big' | 'little';
export type CounterKind = 'lifetime' | 'daily' | 'delta';
/** Which transformer ratio the value on the wire still lacks. */
export type RatioKind = 'none' | 'ct' | 'pt' | 'ct*pt';
export type ModbusFunction = 1 | 2 | 3 | 4;

export interface RegisterSpec {
  /** A standard quantity (quantity.ts), or any other name: then its value goes to `extra`. */
  quantity: string;
  /** The unit on the wire after scale and offset, such as kWh. */
  unit: string;
  /** Zero-based PDU address. */
  address: number;
  function: ModbusFunction;
  type: RegisterType;
  words: number;
  wordOrder: Order;
  byteOrder: Order;
  /** value = raw * scale + offset */
  scale: number;
  /** The quantity of an int16 register of the same model that tells by which power of ten the raw value is multiplied besides; empty for none. */
  scaleBy: string;
  offset: number;
  /** Raw words in hexadecimal that mean "no value"; several separated by a bar; empty for none. */
  invalid: string;
  ratio: RatioKind;
  counter: CounterKind | null;
  /** Allowed values when it may be written, such as `1..247`; empty for read-only. */
  writable: string;
  description: string;
  source: string;
}

/** How the description of a register begins that is inferred, or that its sources do not agree about. */
export const DOUBTFUL = 'Doubtful: ';

export function isDoubtful({ description }: Pick<RegisterSpec, 'description'>): boolean {
  return description.startsWith(DOUBTFUL);
}

/** How far a model can be trusted, for people. */
export function describeTrust({ verified, doubtful }: { verified: boolean; doubtful: readonly string[] }): string {
  const proof = verified ? 'Verified against bytes of a real meter' : 'Unverified: not tried against bytes of a real meter';
  return doubtful.length === 0 ? proof : `${proof}. Doubtful, compare with the display: ${doubtful.join(', ')}`;
}
